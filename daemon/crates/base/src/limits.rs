//! The table of limits. Each carries its reason; nothing elsewhere invents one.

mod assignment;
mod backup;
mod course;
mod material;
mod quiz;
mod roster;
mod run;

pub use assignment::*;
pub use backup::*;
pub use course::*;
pub use material::*;
pub use quiz::*;
pub use roster::*;
pub use run::*;

/// Characters of a chat message (as Unicode scalar values): a page of text, and at four bytes
/// each still a quarter of a frame.
pub const CHAT_CHARACTERS: usize = 4_000;
/// Characters of a person's name: the longest in a class register, twice over.
pub const NAME_CHARACTERS: usize = 60;
/// Characters of a sign-in name.
pub const LOGIN_CHARACTERS: usize = 60;
/// Characters of a school's number of a student: NISN has 10 digits, numbers of foundations with
/// year and level about 20.
pub const NUMBER_CHARACTERS: usize = 30;
/// Characters of a group's name: "XII Teknik Komputer Jaringan 2" has 30.
pub const GROUP_CHARACTERS: usize = 40;
/// Digits of a PIN: what a child types from a card. A million of them, and [`PIN_FAILURES`] tries.
pub const PIN_DIGITS: usize = 6;
/// Wrong PINs of one student, from all devices together and without a right one between them, until
/// the PIN is locked and the teacher makes a new one: more than anybody mistypes in a row, and one
/// in fifty thousand to guess it.
pub const PIN_FAILURES: u32 = 20;
/// People on one page of the list.
pub const PEOPLE_PAGE: u32 = 50;
/// Names of one group to choose from when signing in; a larger group is narrowed by typing.
pub const SIGN_IN_NAMES: u32 = 100;
/// Cards on one sheet: more than two classes, 12 pages. Each new PIN is hashed, a few a second.
pub const SHEET_CARDS: u32 = 100;
/// Milliseconds that PINs which were just made can be looked at again by the browser that made them:
/// as long as printing them takes, with a printer that has to be switched on first.
pub const PIN_SHEET_MS: u64 = 15 * 60_000;
/// Sheets of such PINs, of [`SHEET_CARDS`] at most: every teacher of a large school at once.
pub const PIN_SHEETS: usize = 64;
/// Least characters of a password (NIST SP 800-63B: length, no composition rules).
pub const PASSWORD_CHARACTERS_MIN: usize = 8;
/// Most characters of a password, so that hashing a megabyte is not a way to burn the CPU.
pub const PASSWORD_CHARACTERS_MAX: usize = 200;
/// Bytes of a Wi-Fi's name (IEEE 802.11-2020, 9.4.2.2).
pub const SSID_BYTES: usize = 32;
/// Least bytes of a Wi-Fi's passphrase, all of them printable ASCII (IEEE 802.11-2020, J.4.1).
pub const PASSPHRASE_BYTES_MIN: usize = 8;
/// Most bytes of a Wi-Fi's passphrase; one more would be the key itself in hexadecimal digits.
pub const PASSPHRASE_BYTES_MAX: usize = 63;
/// Resolvers of an uplink with a fixed address: as many as resolv.conf(5) takes.
pub const UPLINK_RESOLVERS: usize = 3;
/// How long a changed network is tried before the old one comes back by itself, unless somebody
/// confirms from the new one: time to find the new Wi-Fi on a phone and type its passphrase.
pub const NETWORK_TRIAL_S: u32 = 120;
/// How long a connection may take to come up. An access point takes 2 to 15 s, also emulated.
pub const NETWORK_ACTIVATION_S: u64 = 20;
/// How long NetworkManager may take to answer one call.
pub const NETWORK_CALL_S: u64 = 15;
/// Devices and connections that are looked at; the rest is left alone.
pub const NETWORK_OBJECTS: usize = 256;
/// How long the helper that commands the machine may take: it is started for each command, and may
/// write to a worn card.
pub const HOST_ANSWER_S: u64 = 20;
/// Bytes of its answer: a word and a reason.
pub const HOST_ANSWER_BYTES: u64 = 256;

/// Characters of a school's name: the longest official ones have about sixty.
pub const SCHOOL_CHARACTERS: usize = 80;
/// How long a box that sets itself up waits for its radio and cable.
pub const SETUP_WAIT_S: u64 = 120;
/// How long the wizard waits for its page to reach the browser before the Wi-Fi changes under it.
pub const SETUP_PAGE_S: u64 = 10;
/// From the moment that page was asked for: it, and its style, are on their way.
pub const SETUP_PAGE_SENT_MS: u64 = 2_000;

/// Characters of a course's join code: 31^6 is 900 million, and guesses are throttled.
pub const JOIN_CODE_CHARACTERS: usize = 6;

/// Bytes of one frame from a client: an offer with many candidates is about 10 kB.
pub const CLIENT_FRAME_BYTES: usize = 64 * 1024;
/// Bytes waiting to be sent to one client before it is closed as too slow, to resume later.
pub const OUTGOING_BYTES: usize = 512 * 1024;
/// Frames waiting to be sent to one client.
pub const OUTGOING_FRAMES: usize = 1_024;
/// Frames kept for one participant until acknowledged, to replay after a lost connection. They
/// must fit into [`OUTGOING_FRAMES`] together with what follows at once, or a resuming client is
/// cut off as too slow again and again.
pub const REPLAY_FRAMES: usize = 1_000;
/// Bytes kept for one participant until acknowledged.
pub const REPLAY_BYTES: usize = 256 * 1024;
/// How long a participant whose connection broke still counts as present: a phone that sleeps,
/// a walk between two access points. Milliseconds.
pub const GRACE_MS: u64 = 120_000;
/// Participants of one room. The mesh carries far fewer with media; the rest listen and chat.
pub const ROOM_PARTICIPANTS: usize = 1_000;
/// Bots at once, over all rooms: a class. Their joins cost as many signals as the square of them.
pub const BOTS: usize = 40;
/// Longest pause from one bot to the next, in seconds: the thesis looked at each join for a minute.
pub const BOTS_EVERY_S: u64 = 120;
/// Longest stay of bots, in seconds: the longest pauses of the largest crew would take longer, and
/// whoever forgot them finds them gone by the next lesson.
pub const BOTS_STAY_S: u64 = 45 * 60;
/// Bytes of a line from or to the program that is the bots: a certificate and a few numbers.
pub const BOTS_LINE_BYTES: u64 = 8 * 1024;
/// People in one lobby.
pub const LOBBY_PARTICIPANTS: usize = 200;
/// Rooms open at once.
pub const OPEN_ROOMS: usize = 200;
/// Live connections of one person at once, and their seats in one room, those included that wait
/// for lost pages to come back: a phone, a laptop and a few forgotten tabs.
pub const PERSON_CONNECTIONS: usize = 8;
/// Chat messages that a person may send in a burst; refilled by [`CHAT_PER_SECOND`].
pub const CHAT_BURST: u32 = 20;
/// Chat messages per second over time.
pub const CHAT_PER_SECOND: u32 = 2;
/// Other messages in a burst: joining a room of 40 sends one offer and ten candidates to each.
pub const SIGNAL_BURST: u32 = 1_500;
/// Other messages per second over time.
pub const SIGNAL_PER_SECOND: u32 = 100;
/// Changes of what a participant sends in a burst: as fast as a hand can switch. Everybody in the
/// room is told of each, so what is harmless from one client would fill the queues of all.
pub const STATE_BURST: u32 = 40;
/// Changes of what a participant sends per second over time.
pub const STATE_PER_SECOND: u32 = 4;
/// Characters of the key that a page makes when it loads: 128 bits, URL-safe.
pub const PAGE_KEY_CHARACTERS: usize = 22;
/// Characters of a chat message's idempotency key: a UUID fits.
pub const CHAT_KEY_CHARACTERS: usize = 36;
/// Bytes of one ICE candidate as JSON: real ones are about 300.
pub const CANDIDATE_BYTES: usize = 4 * 1024;
/// Bytes of one session description as JSON: browsers' offers of three sections are 5 to 10 kB.
pub const DESCRIPTION_BYTES: usize = 24 * 1024;
/// Bytes of signals that a person may send to one participant in a burst: an offer, an answer and
/// their candidates several times over. Together with [`SIGNAL_BYTES_PER_SECOND`] a single
/// person cannot fill the queue of another ([`OUTGOING_BYTES`]) that is still being read.
pub const SIGNAL_BYTES_BURST: u32 = 64 * 1024;
/// Bytes of signals per second from a person to one participant over time: candidates as fast as
/// [`SIGNAL_PER_SECOND`] lets them through, twice over.
pub const SIGNAL_BYTES_PER_SECOND: u32 = 28 * 1024;
/// Refused messages of one connection in a burst; the next closes it.
pub const REFUSAL_BURST: u32 = 100;
/// Refused messages per second over time that a connection survives.
pub const REFUSAL_PER_SECOND: u32 = 1;
/// How long a new connection may take to send `join`. Milliseconds.
pub const JOIN_TIMEOUT_MS: u64 = 15_000;
/// Questions to the store that the hub has open at once; more are refused, so that a slow disk
/// cannot make the queue grow without end.
pub const OPEN_TICKETS: usize = 4_096;
/// Chat messages handed out on joining and per page of history.
pub const CHAT_PAGE: usize = 50;
/// Bytes of chat that a room keeps in memory for those who join.
pub const CHAT_RECENT_BYTES: usize = 64 * 1024;

/// Bytes of a request's body where no route says otherwise: forms and JSON are small.
pub const REQUEST_BODY_BYTES: usize = 64 * 1024;
/// Fields of a form with files: five times what the largest page has.
pub const FORM_FIELDS: usize = 32;
/// TCP connections at once, over both ports; more are refused at accept.
pub const CONNECTIONS: usize = 8_192;
/// TCP connections at once from one IP address: forty devices behind one more access point.
pub const CONNECTIONS_PER_ADDRESS: usize = 512;
/// Bytes of a request's header. Cookies and a long address fit; hyper answers 431 to more.
pub const REQUEST_HEADER_BYTES: usize = 16 * 1024;
/// Milliseconds for the whole of a request's body to arrive: [`REQUEST_BODY_BYTES`] at 4 kB/s.
pub const BODY_TIMEOUT_MS: u64 = 15_000;
/// Milliseconds in which a client takes nothing of what it is sent, before it is let go: longer
/// than a phone takes from one access point to the next.
pub const STALL_TIMEOUT_MS: u64 = 15_000;
/// Milliseconds for everything to end after a stop is asked for.
pub const STOP_MS: u64 = 5_000;
/// Milliseconds for a TLS handshake, and again for a request's header to arrive.
pub const HEADER_TIMEOUT_MS: u64 = 10_000;

/// Characters of a PeerJS id: a UUID has 36, and names that projects make up are shorter.
pub const PEERJS_ID_CHARACTERS: usize = 64;
/// Bytes of a PeerJS token; clients make about 11.
pub const PEERJS_TOKEN_BYTES: usize = 64;
/// PeerJS connections at once, as PeerServer's `concurrent_limit`.
pub const PEERJS_CONNECTIONS: usize = 5_000;
/// Messages kept for one PeerJS id that is not there yet: an offer and its candidates.
pub const PEERJS_WAITING_MESSAGES: usize = 64;
/// Bytes kept for one PeerJS id that is not there yet.
pub const PEERJS_WAITING_BYTES: usize = 256 * 1024;
/// Bytes kept for all PeerJS ids that are not there yet: a class that arrives at once.
pub const PEERJS_WAITING_BYTES_TOTAL: usize = 8 * 1024 * 1024;

/// Bytes of a school's certificates as text, and again of its key: five certificates of the larger
/// sort, each with the description that some authorities write above it.
pub const CERTIFICATE_BYTES: usize = 32 * 1024;
/// Bytes of the form that uploads them: both as text and as files, and something by mistake that
/// is better told than cut off.
pub const CERTIFICATE_FORM_BYTES: usize = 512 * 1024;
/// Certificates in what a school uploads: a leaf and every way up to two roots.
pub const CERTIFICATES: usize = 8;
/// Addresses of which is known that their stations have seen the portal, two for each station: eight
/// times what one access point has, in 200 kB.
pub const PORTAL_STATIONS: usize = 4_096;
/// How often a station that is at the class counts as heard of again, in milliseconds: asking the
/// kernel whose an IP address is costs more than most requests.
pub const PORTAL_NOTED_MS: u64 = 60_000;
/// A station that was not heard of for so long is led to the portal again, in milliseconds (12
/// hours): each school day anew, and never while a class is under way.
pub const PORTAL_SEEN_MS: u64 = 12 * 60 * 60 * 1_000;
/// Bytes of a file of settings: every setting with a page of comments fits twenty times.
pub const SETTINGS_FILE_BYTES: u64 = 64 * 1024;
/// Samples of the load log that stay in memory, one a second: an hour, which is longer than a lesson
/// and, as what changed, takes less than a megabyte.
pub const LOAD_SECONDS: usize = 3_600;
/// Minutes of the load log that are kept: 90 days on which the box never sleeps.
pub const LOAD_MINUTES: i64 = 90 * 24 * 60;
/// Hours of the load log that are kept: 5 years of that.
pub const LOAD_HOURS: i64 = 5 * 365 * 24 + 24;
/// Minutes of the load log that are written in one commit, to spare the card; a power cut costs no
/// more than these.
pub const LOAD_BATCH: usize = 5;
/// Minutes of the load log that wait while the card cannot be written; older ones are let go.
pub const LOAD_WAITING: usize = 120;
/// Series of the load log that one step may have: those of the table, 64 cores, and the rooms and
/// interfaces below.
pub const LOAD_SERIES: usize = 256;
/// Rooms of which the load log tells each by itself, the fullest first.
pub const LOAD_ROOMS: usize = 12;
/// Network interfaces of which the load log tells.
pub const LOAD_INTERFACES: usize = 8;
/// Bytes free on the data partition below which it counts as full: the WAL of a lively lesson.
pub const DATA_SPARE_BYTES: u64 = 2 * 1024 * 1024;
/// Problems of the card that are told: twice as many as have words of their own.
pub const PROBLEMS: usize = 16;
/// Bytes that are read of a problem's detail: a line.
pub const PROBLEM_DETAIL_BYTES: u64 = 300;
/// A session that was not used for so long is over, in milliseconds (90 days): longer than the
/// longest school holiday.
pub const SESSION_IDLE_MS: i64 = 90 * 24 * 60 * 60 * 1_000;
/// The use of a session is written down this often, to spare the card. Milliseconds.
pub const SESSION_TOUCH_MS: i64 = 60 * 60 * 1_000;
/// Characters kept of a User-Agent header, to tell one's devices apart; those in use are shorter.
pub const USER_AGENT_CHARACTERS: usize = 200;
/// Writes that may wait for the database; more make their callers wait. At 20 ms per commit of
/// a slow card and groups of [`WRITE_GROUP`] the whole queue is on the card in 80 ms.
pub const WRITE_QUEUE: usize = 1_024;
/// Most writes that share one commit, so that the first of a rush is not kept waiting for the
/// last.
pub const WRITE_GROUP: usize = 256;

/// Bytes of one uploaded file (2 GiB): an hour of film. Also what one part of a FAT file system and
/// most browsers take without surprises.
pub const FILE_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// Bytes of a file's name: what file systems take (`NAME_MAX`).
pub const FILE_NAME_BYTES: usize = 255;
/// Bytes that files leave free on the data partition, for database, journal and a backup of both;
/// on a small one a tenth of it.
pub const FILES_SPARE_BYTES: u64 = 256 * 1024 * 1024;
/// Uploads that one person may have open: a folder of photos and a few given up.
pub const UPLOADS_PER_PERSON: i64 = 32;
/// Bytes that the open uploads of one person may have in all: two of the largest files.
pub const UPLOAD_BYTES_PER_PERSON: u64 = 2 * FILE_BYTES;
/// An upload that nobody went on with for so long is given up (2 days): a class that is interrupted
/// goes on the day after. Milliseconds.
pub const UPLOAD_IDLE_MS: i64 = 2 * 24 * 60 * 60 * 1_000;
/// Milliseconds in which a large body must bring [`UPLOAD_WINDOW_BYTES`], again and again.
pub const UPLOAD_WINDOW_MS: u64 = 30_000;
/// The slowest phone that is waited for sends about 0.5 kB/s.
pub const UPLOAD_WINDOW_BYTES: u64 = 16 * 1024;
/// Bytes of an upload that are gathered before they are hashed and written: with
/// [`UPLOAD_WRITERS`] of them 4 MB of memory.
pub const UPLOAD_BATCH_BYTES: usize = 256 * 1024;
/// Uploads that are written at once; the others wait, and their senders with them. A card writes
/// no faster for more.
pub const UPLOAD_WRITERS: usize = 16;
/// Bytes of an upload that may be lost by a power cut, and that the kernel holds back: a card that
/// is told to keep two gigabytes at once answers nothing else for a minute.
pub const UPLOAD_SYNC_BYTES: u64 = 8 * 1024 * 1024;
/// Bytes of a file that are read at once for a browser: with 40 of them 5 MB of memory.
pub const FILE_CHUNK_BYTES: usize = 128 * 1024;

// One sender leaves room in the queue of a client that has just not begun to count as stalled.
const _: () = assert!(
    SIGNAL_BYTES_BURST as u64 + SIGNAL_BYTES_PER_SECOND as u64 * STALL_TIMEOUT_MS / 1_000
        < OUTGOING_BYTES as u64
);
// What is replayed to a resuming client must fit into its queue.
const _: () = assert!(REPLAY_FRAMES < OUTGOING_FRAMES && REPLAY_BYTES < OUTGOING_BYTES);
