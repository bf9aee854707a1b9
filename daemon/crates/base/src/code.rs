//! Every error that a person or a client can meet, by a stable name, and its kind.
//!
//! A code is sent in problem details (RFC 9457) and in the live protocol's `error`, and
//! `error.<code>` is its sentence in both catalogues.

use crate::kind::Kind;

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident $name:literal $kind:ident;)*) => {
        /// A stable error code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$meta])* $variant,)* }

        impl Code {
            /// Every code, for the catalogues' completeness test.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The sort of failure.
            pub const fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)* }
            }
        }
    };
}

codes! {
    /// The request is not well formed.
    BadRequest "bad_request" Invalid;
    /// No such page or thing.
    NotFound "not_found" NotFound;
    /// The address does not answer this method.
    MethodNotAllowed "method_not_allowed" Method;
    /// Signed in, but not allowed.
    NotAllowed "not_allowed" Forbidden;
    /// Nobody is signed in.
    SignInRequired "sign_in_required" Unauthenticated;
    /// The request came from another site's page.
    OriginRefused "origin_refused" Forbidden;
    /// More bytes than the limit.
    BodyTooLarge "body_too_large" TooLarge;
    /// A form from an older page or another session.
    FormStale "form_stale" Forbidden;
    /// A form of content that is not understood.
    MediaTypeUnsupported "media_type_unsupported" MediaType;
    /// The request did not arrive in time.
    RequestTimeout "request_timeout" Timeout;
    /// Too many requests.
    RateLimited "rate_limited" TooMany;
    /// Starting, stopping or overloaded.
    Unavailable "unavailable" Unavailable;
    /// The disk has no room; nothing was changed.
    StorageFull "storage_full" Full;
    /// The database cannot be written; nothing was changed.
    StorageFailed "storage_failed" Unavailable;
    /// A file with a private key is damaged; it is left as it is.
    KeyFileDamaged "key_file_damaged" Internal;
    /// A file with a private key cannot be read or written.
    KeyFileFailed "key_file_failed" Internal;
    /// Our fault.
    Internal "internal" Internal;

    /// A name with nothing visible in it.
    NameEmpty "name_empty" Invalid;
    /// A name over the limit.
    NameTooLong "name_too_long" Invalid;
    /// A title with nothing visible in it.
    TitleEmpty "title_empty" Invalid;
    /// A title over the limit.
    TitleTooLong "title_too_long" Invalid;
    /// A course's term over the limit.
    TermTooLong "term_too_long" Invalid;
    /// A sign-in name with nothing in it, or with spaces.
    LoginEmpty "login_empty" Invalid;
    /// A sign-in name over the limit.
    LoginTooLong "login_too_long" Invalid;
    /// The current password, asked for again, is wrong.
    PasswordWrong "password_wrong" Forbidden;
    /// A password under the least length.
    PasswordTooShort "password_too_short" Invalid;
    /// A password over the limit.
    PasswordTooLong "password_too_long" Invalid;
    /// Two fields that should hold the same password do not.
    PasswordsDiffer "passwords_differ" Invalid;

    /// Sign-in name or password is wrong; which one is not told.
    SignInWrong "sign_in_wrong" Unauthenticated;
    /// Too many failed sign-ins; wait.
    SignInThrottled "sign_in_throttled" TooMany;
    /// No such one-time link.
    LinkUnknown "link_unknown" NotFound;
    /// The one-time link was used.
    LinkUsed "link_used" Gone;
    /// The one-time link is too old.
    LinkExpired "link_expired" Gone;
    /// This needs the encrypted address.
    NeedsHttps "needs_https" Forbidden;
    /// No course has this join code.
    JoinCodeUnknown "join_code_unknown" NotFound;
    /// The teacher lets no new people in.
    GuestsRefused "guests_refused" Forbidden;
    /// The teacher removed this person from the course.
    MemberRemoved "member_removed" Forbidden;
    /// The course was put away: nothing in it changes.
    CourseArchived "course_archived" Conflict;
    /// The course has as many meetings as a course may have.
    MeetingsFull "meetings_full" Conflict;
    /// A course without a teacher would have nobody who decides.
    LastTeacher "last_teacher" Conflict;
    /// Only teachers of the box can teach a course.
    NotATeacher "not_a_teacher" Conflict;
    /// The meeting has work or chat in it, which deleting it would lose.
    MeetingInUse "meeting_in_use" Conflict;
    /// Somebody else has this sign-in name.
    LoginTaken "login_taken" Conflict;
    /// Somebody else has this number of the school.
    NumberTaken "number_taken" Conflict;
    /// A number of the school over the limit, or with other than letters, digits and `.-/`.
    NumberInvalid "number_invalid" Invalid;
    /// A group's name over the limit.
    GroupTooLong "group_too_long" Invalid;
    /// This person may not sign in any more.
    AccountInactive "account_inactive" Forbidden;
    /// A person of whom the box knows work, or who has signed in, is not deleted.
    PersonInUse "person_in_use" Conflict;
    /// Nobody deactivates themself.
    OwnAccount "own_account" Conflict;
    /// Without this technician nobody could set the box up.
    LastTechnician "last_technician" Conflict;
    /// A wrong PIN.
    PinWrong "pin_wrong" Unauthenticated;
    /// Too many wrong PINs; the teacher makes a new one.
    PinLocked "pin_locked" Forbidden;
    /// A card that is not, or no longer, of anybody.
    CardUnknown "card_unknown" NotFound;
    /// There is no file, or nothing in it.
    RosterEmpty "roster_empty" Invalid;
    /// A workbook, or another file that is no CSV.
    RosterNotCsv "roster_not_csv" Invalid;
    /// No column is called a name.
    RosterNoName "roster_no_name" Invalid;
    /// More rows than the limit.
    RosterTooLong "roster_too_long" TooLarge;
    /// A roster's file has too many bytes.
    RosterTooLarge "roster_too_large" TooLarge;
    /// A quotation mark opens a cell that never ends.
    RosterQuoteOpen "roster_quote_open" Invalid;
    /// People were changed since the preview.
    RosterStale "roster_stale" Conflict;

    /// Bots are in a room already.
    BotsBusy "bots_busy" Conflict;
    /// No bots, or more than the limit, or for too long.
    BotsWanted "bots_wanted" Invalid;
    /// The program that is the bots did not start.
    BotsFailed "bots_failed" Unavailable;
    /// A measurement run goes on.
    RunBusy "run_busy" Conflict;
    /// There are as many measurement runs as are kept.
    RunsFull "runs_full" Conflict;
    /// A school's certificate over the limit in bytes or in certificates.
    CertificateTooLarge "certificate_too_large" TooLarge;
    /// There is no certificate in the text.
    CertificateMissing "certificate_missing" Invalid;
    /// A certificate cannot be read.
    CertificateUnreadable "certificate_unreadable" Invalid;
    /// The key is an authority's.
    CertificateIsAuthority "certificate_is_authority" Invalid;
    /// The certificate is signed by itself; the box has one that is as good.
    CertificateSelfSigned "certificate_self_signed" Invalid;
    /// The certificate is valid later than now, by the box's clock.
    CertificateNotYetValid "certificate_not_yet_valid" Invalid;
    /// The certificate is no longer valid, by the box's clock.
    CertificateExpired "certificate_expired" Invalid;
    /// The certificate is for none of the box's names.
    CertificateNameForeign "certificate_name_foreign" Invalid;
    /// The certificate of the issuer is missing.
    ChainIncomplete "chain_incomplete" Invalid;
    /// A certificate is not signed by its issuer, or not for servers.
    ChainBroken "chain_broken" Invalid;
    /// There is no private key in the text.
    KeyMissing "key_missing" Invalid;
    /// The private key is under a passphrase.
    KeyEncrypted "key_encrypted" Invalid;
    /// The private key cannot be read.
    KeyUnreadable "key_unreadable" Invalid;
    /// A private key of a kind that does not serve browsers.
    KeyTypeUnsupported "key_type_unsupported" Invalid;
    /// What had to be typed to make sure was not.
    ConfirmationWrong "confirmation_wrong" Invalid;
    /// The private key belongs to another certificate.
    KeyMismatch "key_mismatch" Invalid;

    /// The card has no room for the file, or files may take no more.
    FilesFull "files_full" Full;
    /// A file over the limit.
    FileTooLarge "file_too_large" TooLarge;
    /// A form without a file.
    FileMissing "file_missing" Invalid;
    /// A file with nothing in it.
    FileEmpty "file_empty" Invalid;
    /// Too many files of this person are on their way.
    UploadsTooMany "uploads_too_many" TooMany;
    /// The upload goes on elsewhere in the file.
    UploadOffset "upload_offset" Conflict;
    /// The upload is over: finished, given up or too old.
    UploadGone "upload_gone" Gone;
    /// A meeting with as many materials as it may have.
    MaterialsTooMany "materials_too_many" Conflict;
    /// A material with nothing in it.
    MaterialEmpty "material_empty" Invalid;
    /// A text over the limit.
    MaterialTooLong "material_too_long" Invalid;
    /// An address that is none of the web, nor of somebody's mail.
    LinkInvalid "link_invalid" Invalid;

    /// A meeting with as many assignments as it may have.
    AssignmentsTooMany "assignments_too_many" Conflict;
    /// Work was handed in, which deleting the assignment would lose.
    AssignmentInUse "assignment_in_use" Conflict;
    /// An assignment or a submission with as many files as it may have.
    FilesTooMany "files_too_many" Conflict;
    /// Instructions over the limit.
    InstructionsTooLong "instructions_too_long" Invalid;
    /// Points that are no whole number, or out of bounds.
    PointsInvalid "points_invalid" Invalid;
    /// The time is over, and nothing is taken afterwards.
    SubmissionClosed "submission_closed" Conflict;
    /// The teacher has graded it.
    SubmissionGraded "submission_graded" Conflict;
    /// Neither a text nor a file.
    SubmissionEmpty "submission_empty" Invalid;
    /// A student's text over the limit.
    SubmissionTooLong "submission_too_long" Invalid;
    /// A score that is no number, or over the assignment's points.
    ScoreInvalid "score_invalid" Invalid;
    /// A teacher's comment over the limit.
    CommentTooLong "comment_too_long" Invalid;
    /// A search over the limit.
    SearchTooLong "search_too_long" Invalid;
    /// A course with as many notices as it may have.
    NoticesTooMany "notices_too_many" Conflict;
    /// A notice over the limit.
    NoticeTooLong "notice_too_long" Invalid;
    /// Another teacher marked some of the same students since the page was opened.
    AttendanceChanged "attendance_changed" Conflict;

    /// A meeting with as many quizzes as it may have.
    QuizzesTooMany "quizzes_too_many" Conflict;
    /// Somebody has taken the quiz, which deleting it would lose.
    QuizInUse "quiz_in_use" Conflict;
    /// Somebody has begun: no question comes, goes, moves or becomes another any more.
    QuizBegun "quiz_begun" Conflict;
    /// A quiz without a question is not shown to anybody.
    QuizEmpty "quiz_empty" Conflict;
    /// The quiz opens later.
    QuizNotOpen "quiz_not_open" Conflict;
    /// The quiz is over.
    QuizClosed "quiz_closed" Conflict;
    /// The student has taken the quiz as often as allowed.
    AttemptsUsed "attempts_used" Conflict;
    /// This attempt was handed in.
    AttemptOver "attempt_over" Conflict;
    /// The time of this attempt is over; what had been saved is handed in.
    TimeOver "time_over" Conflict;
    /// An end that is not after its beginning.
    TimesReversed "times_reversed" Invalid;
    /// Minutes that are no whole number, or out of bounds.
    MinutesInvalid "minutes_invalid" Invalid;
    /// Times that a quiz may be taken that are no whole number, or out of bounds.
    AttemptsInvalid "attempts_invalid" Invalid;
    /// A quiz with as many questions as it may have.
    QuestionsTooMany "questions_too_many" Conflict;
    /// A question with nothing in it.
    QuestionEmpty "question_empty" Invalid;
    /// A question over the limit.
    QuestionTooLong "question_too_long" Invalid;
    /// Fewer than two choices.
    ChoicesTooFew "choices_too_few" Invalid;
    /// A choice over the limit.
    ChoiceTooLong "choice_too_long" Invalid;
    /// Two choices that say the same.
    ChoicesAlike "choices_alike" Invalid;
    /// Nothing says which answer is right.
    SolutionMissing "solution_missing" Invalid;
    /// More spellings than the limit.
    SpellingsTooMany "spellings_too_many" Invalid;
    /// What is no number, or one that is too large or too fine.
    NumberUnreadable "number_unreadable" Invalid;
    /// An answer over the limit.
    AnswerTooLong "answer_too_long" Invalid;

    /// A file that is no course out of a box.
    CourseArchiveForeign "course_archive_foreign" Invalid;
    /// A course's file that is cut short, changed, or has what no course may have.
    CourseArchiveDamaged "course_archive_damaged" Invalid;
    /// A course's file of a newer version.
    CourseArchiveNewer "course_archive_newer" Invalid;
    /// A file that is no backup of a box.
    BackupForeign "backup_foreign" Invalid;
    /// A backup that is cut short or changed.
    BackupDamaged "backup_damaged" Invalid;
    /// A backup of a newer version.
    BackupNewer "backup_newer" Invalid;
    /// A backup is being made or looked through already.
    BackupBusy "backup_busy" Conflict;
    /// There is no backup that was looked through and could come back.
    RestoreNotReady "restore_not_ready" Conflict;
    /// The daemon did not start with what came back; what was there before has returned.
    RestoreTakenBack "restore_taken_back" Conflict;

    /// A live message that is not JSON of the protocol's form.
    MessageMalformed "message_malformed" Invalid;
    /// A live message of an unknown type.
    MessageTypeUnknown "message_type_unknown" Invalid;
    /// A live message over the limit.
    MessageTooLarge "message_too_large" TooLarge;
    /// The first live message must be `join`.
    JoinFirst "join_first" Conflict;
    /// `join` was sent twice.
    AlreadyJoined "already_joined" Conflict;
    /// No such resume token; join anew.
    ResumeUnknown "resume_unknown" Gone;
    /// What was missed is no longer kept; join anew.
    ResumeExpired "resume_expired" Gone;
    /// The recipient is not in this room.
    RecipientUnknown "recipient_unknown" NotFound;
    /// A signal without description and candidate, or not of their form.
    SignalInvalid "signal_invalid" Invalid;
    /// Only the teacher may do this.
    NotModerator "not_moderator" Forbidden;
    /// The room is full.
    RoomFull "room_full" Conflict;
    /// The lobby is full.
    LobbyFull "lobby_full" Conflict;
    /// Too many rooms are open.
    TooManyRooms "too_many_rooms" Unavailable;
    /// The person has too many live connections.
    TooManyConnections "too_many_connections" TooMany;
    /// The fallback connection is not known; connect anew.
    ConnectionUnknown "connection_unknown" Gone;
    /// A key that is not 1 to 36 URL-safe characters.
    KeyInvalid "key_invalid" Invalid;
    /// A chat message with nothing in it.
    ChatEmpty "chat_empty" Invalid;
    /// A chat message over the limit.
    ChatTooLong "chat_too_long" Invalid;
    /// Too many chat messages at once.
    ChatTooFast "chat_too_fast" TooMany;
    /// The key was used for another text.
    ChatKeyReused "chat_key_reused" Conflict;
    /// No such chat message.
    ChatMessageUnknown "chat_message_unknown" NotFound;
    /// Somebody waits in the lobby and may not speak yet.
    StillWaiting "still_waiting" Forbidden;

    /// A Wi-Fi's name with nothing in it.
    SsidEmpty "ssid_empty" Invalid;
    /// A Wi-Fi's name over the limit, which counts bytes.
    SsidTooLong "ssid_too_long" Invalid;
    /// A Wi-Fi's name with characters that cannot be shown.
    SsidCharacters "ssid_characters" Invalid;
    /// A Wi-Fi's passphrase that is too short or too long.
    PassphraseLength "passphrase_length" Invalid;
    /// A Wi-Fi's passphrase with other than printable ASCII characters.
    PassphraseCharacters "passphrase_characters" Invalid;
    /// No country has this code.
    CountryUnknown "country_unknown" Invalid;
    /// A channel that is not offered.
    ChannelUnknown "channel_unknown" Invalid;
    /// An address, gateway or resolver that cannot be one.
    NetworkAddressInvalid "network_address_invalid" Invalid;
    /// There is no such network device.
    NetworkDeviceUnknown "network_device_unknown" NotFound;
    /// Access point and uplink on one device.
    NetworkDeviceShared "network_device_shared" Conflict;
    /// Access point and uplink with one network of addresses.
    NetworkAddressShared "network_address_shared" Conflict;
    /// There is no radio.
    RadioMissing "radio_missing" Conflict;
    /// The radio is blocked.
    RadioBlocked "radio_blocked" Conflict;
    /// The radio cannot open a Wi-Fi.
    RadioWithoutAccessPoint "radio_without_access_point" Conflict;
    /// The radio does not have the band.
    RadioWithoutBand "radio_without_band" Conflict;
    /// NetworkManager does not answer.
    NetworkUnavailable "network_unavailable" Unavailable;
    /// NetworkManager refused a change; what was before is back.
    NetworkRefused "network_refused" Conflict;
    /// A connection did not come up in time; what was before is back.
    NetworkNotUp "network_not_up" Conflict;
    /// A change waits to be confirmed; no other can begin.
    NetworkTrialOpen "network_trial_open" Conflict;
    /// No change waits to be confirmed any more; what was before is back.
    NetworkTrialOver "network_trial_over" Gone;
    /// The machine keeps its own clock, name and power.
    HostUnmanaged "host_unmanaged" Conflict;
    /// The helper that commands the machine does not answer.
    HostUnavailable "host_unavailable" Unavailable;
    /// The helper does not do it; `reason` says why, in the helper's word.
    HostRefused "host_refused" Conflict;
    /// A machine's name that is no host name.
    HostNameInvalid "host_name_invalid" Invalid;
    /// A time before the image was made, or long after.
    ClockImplausible "clock_implausible" Invalid;
    /// The box belongs to somebody already.
    AlreadyClaimed "already_claimed" Conflict;
    /// The code from the card, without which nobody claims this box, is wrong.
    ClaimCodeWrong "claim_code_wrong" Forbidden;
    /// The box belongs to nobody yet; the wizard comes first.
    NotSetUp "not_set_up" Conflict;
    /// A step of the wizard was answered elsewhere since this page was made.
    SetupStale "setup_stale" Conflict;
    /// Answers in advance for a box that is set up.
    SetupAlready "setup_already" Conflict;
    /// A step of the wizard is not answered yet.
    SetupIncomplete "setup_incomplete" Conflict;
    /// A school's name with nothing visible in it.
    SchoolEmpty "school_empty" Invalid;
    /// A school's name over the limit.
    SchoolTooLong "school_too_long" Invalid;
    /// An answer of the wizard that is none of those offered.
    ChoiceMissing "choice_missing" Invalid;
    /// An open Wi-Fi without the tick that says so on purpose.
    OpenNotConfirmed "open_not_confirmed" Invalid;
    /// The school's access point reaches the box by cable only.
    CableNeeded "cable_needed" Conflict;
    /// No wired device.
    CableMissing "cable_missing" Conflict;
    /// A moment that is none.
    TimeInvalid "time_invalid" Invalid;
    /// The one-time key of a change is wrong or used.
    ConfirmKeyWrong "confirm_key_wrong" Forbidden;
    /// A change is confirmed from the network that it made.
    NotOnNewNetwork "not_on_new_network" Conflict;
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_plain() {
        let names: HashSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')));
    }
}
