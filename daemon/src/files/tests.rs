//! What is kept, what is swept away, and who writes.

use std::sync::Arc;

use base::clock::SystemClock;
use base::id::{MeetingId, PersonId};
use base::random::SystemRandom;
use store::{NewFile, NewMaterial, NewMatter, NewPerson, NewUpload, PersonKind};
use tempfile::TempDir;

use super::*;

struct Box {
    files: Files,
    store: Store,
    person: PersonId,
    meeting: MeetingId,
    folder: TempDir,
}

async fn open(folder: &Path, store: &Store) -> Files {
    let clock = Arc::new(SystemClock::new());
    Files::open(folder, 1, store.clone(), clock, Tasks::default()).await
}

impl Box {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path().join("kelas.sqlite"), Arc::new(SystemClock::new()));
        let store = store.expect("a store");
        let teacher =
            NewPerson { kind: PersonKind::Teacher, name: "Bu Sari".into(), login: None, password: None };
        let person = store.create_person(teacher).await.expect("a teacher").id;
        let course = store.create_course("IPA", person, &mut SystemRandom).await.expect("a course");
        let meeting = store.create_meeting(course.id, "Gaya").await.expect("a meeting").id;
        let files = open(folder.path(), &store).await;
        Self { files, store, person, meeting, folder }
    }

    async fn arrive(&self, bytes: &[u8]) -> Arrived {
        let mut incoming = self.files.take().await.expect("taken");
        for chunk in bytes.chunks(100_000) {
            incoming.push(chunk).await.expect("written");
        }
        assert_eq!(incoming.size_bytes(), bytes.len() as u64);
        incoming.finish().await.expect("arrived")
    }

    async fn add(&self, bytes: &[u8]) -> Result<store::Material> {
        let arrived = self.arrive(bytes).await;
        let file = NewFile {
            sha256: arrived.sha256,
            size_bytes: arrived.size_bytes,
            name: "a.bin".into(),
            media_type: "application/octet-stream",
            person: self.person,
        };
        let new = NewMaterial { title: None, matter: NewMatter::File(file) };
        let (store, meeting) = (self.store.clone(), self.meeting);
        self.files.keep(vec![arrived], async move { store.add_material(meeting, new, None).await }).await
    }

    fn objects(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for folder in std::fs::read_dir(self.folder.path().join("files/objects")).expect("there") {
            let folder = folder.expect("an entry").path();
            found
                .extend(std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("one").path()));
        }
        found
    }

    fn incoming(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("files/incoming")).expect("there").count()
    }

    fn used(&self) -> u64 {
        self.files.0.used_bytes.load(Ordering::Relaxed)
    }
}

#[tokio::test]
async fn the_same_bytes_lie_there_once_under_their_hash_until_nobody_holds_them() {
    let kelas = Box::new().await;
    let bytes: Vec<u8> = (0..600_000_u32).map(|number| number.to_le_bytes()[0]).collect();
    let first = kelas.add(&bytes).await.expect("kept");
    let second = kelas.add(&bytes).await.expect("kept");
    let objects = kelas.objects();
    assert_eq!((objects.len(), kelas.incoming(), kelas.used()), (1, 0, 600_000));
    assert_eq!(std::fs::read(&objects[0]).expect("readable"), bytes);
    let hash: [u8; 32] =
        sha2::Digest::finalize(<sha2::Sha256 as sha2::Digest>::new_with_prefix(&bytes)).into();
    assert_eq!(object::named(&objects[0]), Some(Sha256(hash)));
    for (material, left) in [(first.id, 1), (second.id, 0)] {
        kelas.store.delete_material(material).await.expect("deleted");
        kelas.files.clean_up().await.expect("swept");
        assert_eq!(kelas.objects().len(), left);
    }
    assert_eq!(kelas.used(), 0);
}

#[tokio::test]
async fn what_is_not_committed_leaves_nothing() {
    let mut kelas = Box::new().await;
    let meeting = kelas.meeting;
    kelas.meeting = MeetingId(99);
    assert_eq!(kelas.add(b"gone").await.expect_err("nowhere").code, Code::NotFound);
    assert_eq!((kelas.objects().len(), kelas.incoming(), kelas.used()), (0, 0, 0));
    kelas.meeting = meeting;
    kelas.add(b"gone").await.expect("kept");
    kelas.meeting = MeetingId(99);
    kelas.add(b"gone").await.expect_err("nowhere");
    assert_eq!((kelas.objects().len(), kelas.used()), (1, 4));
}

#[tokio::test]
async fn a_start_sweeps_away_what_a_power_cut_left_and_nothing_else() {
    let kelas = Box::new().await;
    kelas.add(b"kept").await.expect("kept");
    let new = NewUpload {
        person: kelas.person,
        meeting: kelas.meeting,
        assignment: None,
        name: "a".into(),
        size_bytes: 9,
    };
    let upload = kelas.store.create_upload(new).await.expect("begun").id;
    let mut incoming = kelas.files.resume(upload).await.expect("begun");
    incoming.push(b"half").await.expect("written");
    incoming.sync().await.expect("durable");
    drop(incoming);
    let folder = kelas.folder.path().join("files");
    std::fs::create_dir_all(folder.join("objects/00")).expect("made");
    for orphan in [format!("objects/00/{}", "0".repeat(62)), "objects/00/x".into(), "incoming/form-3".into()]
    {
        std::fs::write(folder.join(orphan), "orphan").expect("written");
    }
    std::fs::write(folder.join("incoming/4711"), "orphan").expect("written");
    let again = open(kelas.folder.path(), &kelas.store).await;
    assert_eq!((kelas.objects().len(), kelas.incoming()), (1, 1));
    assert_eq!(again.0.used_bytes.load(Ordering::Relaxed), 4);
    assert_eq!(again.arrived_bytes(upload).await.expect("read"), 4);
    let mut incoming = again.resume(upload).await.expect("resumed");
    incoming.push(b"whole").await.expect("written");
    let whole = incoming.finish().await.expect("arrived");
    let hash: [u8; 32] =
        sha2::Digest::finalize(<sha2::Sha256 as sha2::Digest>::new_with_prefix("halfwhole")).into();
    assert_eq!((whole.sha256, whole.beginning.as_slice()), (Sha256(hash), &b"halfwhole"[..]));
}

#[tokio::test]
async fn who_resumes_takes_the_turn_of_a_connection_that_hangs() {
    let kelas = Box::new().await;
    let upload = UploadId(1);
    let first = kelas.files.turn(upload).await;
    let files = kelas.files.clone();
    let second = tokio::spawn(async move { files.turn(upload).await });
    first.taken().await;
    assert!(!second.is_finished(), "the first has not put it down");
    drop(first);
    let second = second.await.expect("taken");
    assert_eq!(kelas.files.turns().len(), 1);
    drop(second);
    assert_eq!(kelas.files.turns().len(), 0);
}

#[tokio::test]
async fn files_take_no_more_than_they_may() {
    let kelas = Box::new().await;
    kelas.files.check_room(900_000_000).await.expect("room");
    let full = kelas.files.check_room(1_100_000_000).await.expect_err("more than a gigabyte");
    assert_eq!(full.code, Code::FilesFull);
    assert_eq!(full.args[0], ("free", "1000".to_owned()));
    let large = kelas.files.check_room(limits::FILE_BYTES + 1).await.expect_err("never");
    assert_eq!(large.code, Code::FileTooLarge);
    let new = NewUpload {
        person: kelas.person,
        meeting: kelas.meeting,
        assignment: None,
        name: "a".into(),
        size_bytes: 500_000_000,
    };
    kelas.store.create_upload(new).await.expect("begun");
    assert_eq!(kelas.files.check_room(600_000_000).await.expect_err("announced").code, Code::FilesFull);
}
