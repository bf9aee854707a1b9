//! The page of a live room.

pub(super) mod room_show;
