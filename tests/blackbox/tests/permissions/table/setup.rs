//! The wizard, on a box that has its technician; `tests/setup.rs` tries it before.

use super::Rule::{Everybody, Secret, Technicians};
use super::{Row, get, post};

pub(crate) const ROWS: &[Row<'static>] = &[
    get("/setup", Technicians).answers("303"),
    get("/setup/language", Technicians),
    post("/setup/language", Technicians, &[("language", "en")]),
    get("/setup/claim", Technicians).answers("303"),
    // The box has its technician.
    post("/setup/claim", Everybody, &[]).answers("already_claimed"),
    get("/setup/school", Technicians),
    post("/setup/school", Technicians, &[]).answers("400"),
    get("/setup/wifi", Technicians),
    post("/setup/wifi", Technicians, &[]).answers("400"),
    get("/setup/wired", Technicians),
    post("/setup/wired", Technicians, &[]).answers("400"),
    get("/setup/time", Technicians),
    post("/setup/time", Technicians, &[]).answers("409"),
    get("/setup/certificate", Technicians),
    post("/setup/certificate", Technicians, &[]).answers("409"),
    get("/setup/review", Technicians).answers("303"),
    post("/setup/apply", Technicians, &[]).answers("setup_incomplete"),
    get("/setup/reconnect", Technicians).answers("303"),
    get("/setup/progress", Technicians).answers("303"),
    get("/setup/progress/state", Technicians),
    post("/setup/roll-back", Technicians, &[]).answers("network_trial_over"),
    get("/setup/confirm", Technicians).answers("303"),
    post("/setup/confirm", Technicians, &[]).answers("410"),
    get("/setup/confirm/{key}", Secret).answers("confirm_key_wrong"),
    post("/setup/confirm/{key}", Secret, &[]).answers("confirm_key_wrong"),
    get("/setup/teacher", Technicians),
    post("/setup/teacher", Technicians, &[]).answers("400"),
    get("/setup/teacher/link/{token}", Technicians).answers("link_unknown"),
    get("/setup/sheet", Technicians),
    get("/setup/backup", Technicians),
    // A technician without a password.
    post("/setup/backup", Technicians, &[]).answers("200"),
    get("/setup/restore", Technicians),
    post("/setup/restore", Technicians, &[]).answers("400").with_files(),
    post("/setup/restore/copy", Technicians, &[("copy", "1")]).answers("404"),
    post("/setup/restore/decide", Technicians, &[]).answers("409"),
    post("/setup/restore/give-up", Technicians, &[]).answers("303"),
    get("/setup/reset", Technicians),
    post("/setup/reset", Technicians, &[]).answers("400"),
    // A machine that is pretended.
    post("/setup/restart", Technicians, &[]).answers("200"),
    post("/setup/power-off", Technicians, &[]).answers("200"),
];
