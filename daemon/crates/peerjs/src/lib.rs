//! peerjs
