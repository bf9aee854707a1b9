//! Which column of a roster holds what, by the names that schools and registers give them.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Name,
    Number,
    Group,
    Login,
    /// PINs and passwords, which are never taken over: the box makes its own.
    Secret,
}

/// In small letters, without spaces and signs. NIPD is what Dapodik calls the NIS.
const NAMES: [(Meaning, &[&str]); 5] = [
    (
        Meaning::Name,
        &[
            "nama",
            "namasiswa",
            "namalengkap",
            "namalengkapsiswa",
            "namapesertadidik",
            "namamurid",
            "name",
            "fullname",
            "studentname",
            "student",
        ],
    ),
    (
        Meaning::Number,
        &[
            "nis",
            "nisn",
            "nipd",
            "nisnisn",
            "noinduk",
            "nomorinduk",
            "noinduksiswa",
            "nomorinduksiswa",
            "number",
            "studentnumber",
            "studentid",
        ],
    ),
    (
        Meaning::Group,
        &["kelas", "rombel", "rombelsaatini", "rombonganbelajar", "group", "class", "classname"],
    ),
    (Meaning::Login, &["namamasuk", "namapengguna", "login", "username", "user", "signinname"]),
    (Meaning::Secret, &["pin", "password", "katasandi", "sandi"]),
];

/// Where each thing stands in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(super) name: usize,
    pub(super) number: Option<usize>,
    pub(super) group: Option<usize>,
    pub(super) login: Option<usize>,
    /// Whether there are PINs or passwords in it.
    pub(crate) has_secrets: bool,
    /// The names of those that mean nothing here.
    pub(crate) ignored: Vec<String>,
}

impl Columns {
    /// The columns that `header` names, if one of them is a name. Of two with one meaning the first
    /// counts.
    pub(super) fn of(header: &[String]) -> Option<Self> {
        let mut found: [Option<usize>; 4] = [None; 4];
        let mut columns = Self::default();
        for (at, cell) in header.iter().enumerate() {
            let slot = match meaning(cell) {
                Some(Meaning::Name) => Some(0),
                Some(Meaning::Number) => Some(1),
                Some(Meaning::Group) => Some(2),
                Some(Meaning::Login) => Some(3),
                Some(Meaning::Secret) => {
                    columns.has_secrets = true;
                    continue;
                }
                None => None,
            };
            match slot {
                Some(slot) if found[slot].is_none() => found[slot] = Some(at),
                _ if cell.trim().is_empty() => {}
                _ => columns.ignored.push(cell.trim().to_owned()),
            }
        }
        let [name, number, group, login] = found;
        Some(Self { name: name?, number, group, login, ..columns })
    }

    /// How many have a meaning: the more, the likelier the separator is the right one.
    pub(super) fn known(&self) -> usize {
        1 + [self.number, self.group, self.login].iter().flatten().count() + usize::from(self.has_secrets)
    }
}

fn meaning(cell: &str) -> Option<Meaning> {
    let plain: String =
        cell.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    NAMES.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(meaning, _)| *meaning)
}
