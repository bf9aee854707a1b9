//! Layers over layers, and what is told of mistakes in them.

use super::*;

fn options(file: &Path) -> Options {
    Options { config: vec![file.to_owned()], ..Options::default() }
}

fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("test.toml");
    std::fs::write(&path, text).expect("written");
    (folder, path)
}

#[test]
fn the_built_in_settings_are_valid() {
    let effective = read(&Options::default(), []).expect("no problem");
    assert_eq!(effective.report.len(), key::all().count());
    assert_eq!(effective.settings.names, ["kelas.internal", "kelas.local"]);
}

#[test]
fn the_built_in_limits_are_those_of_the_table() {
    let settings = read(&Options::default(), []).expect("no problem").settings;
    assert_eq!(settings.limits.connections, limits::CONNECTIONS);
    assert_eq!(settings.limits.connections_per_address, limits::CONNECTIONS_PER_ADDRESS);
    assert_eq!(settings.peerjs.concurrent_limit, limits::PEERJS_CONNECTIONS);
}

#[test]
fn later_layers_win_and_say_so() {
    let (_folder, path) = written("names = [\"a.test\"]\nlog = \"warn\"\n[limits]\nconnections = 100\n");
    let mut options = options(&path);
    options.log = Some("debug".to_owned());
    let environment = [("KELASD_NAMES".to_owned(), "b.test".to_owned())];
    let effective = read(&options, environment).expect("no problem");
    let source = |name| {
        let (_, value, source) =
            effective.report.iter().find(|(key, _, _)| *key == name).expect("in the report");
        (value.clone(), source.clone())
    };
    assert_eq!(source("names"), ("b.test".to_owned(), "KELASD_NAMES".to_owned()));
    assert_eq!(source("log"), ("debug".to_owned(), "--log".to_owned()));
    assert_eq!(source("limits.connections"), ("100".to_owned(), path.display().to_string()));
    assert_eq!(effective.settings.limits.connections, 100);
}

#[test]
fn all_problems_come_at_once_with_file_key_value_and_what_is_allowed() {
    let (_folder, path) =
        written("demo = \"perhaps\"\nnaems = [\"x\"]\n[limits]\nconnections = 3\n[peerjs]\nenabled = [1]\n");
    let environment = [
        ("KELASD_LISTEN_HTTP".to_owned(), "nowhere".to_owned()),
        ("KELASD_NOTHING".to_owned(), "1".to_owned()),
    ];
    let problems = read(&options(&path), environment).expect_err("problems");
    let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let text = text.join("\n").replace(&path.display().to_string(), "test.toml");
    expect_test::expect![[r#"
        test.toml: naems: there is no such setting; did you mean names?
        environment: KELASD_NOTHING: there is no such setting
        KELASD_LISTEN_HTTP: listen.http: found "nowhere", allowed is a list of addresses with port such as "[::]:443" or "10.42.0.1:443", or a port alone
        test.toml: demo: found "perhaps", allowed is true or false
        test.toml: peerjs.enabled: found "1", allowed is true or false
        test.toml: limits.connections: found "3", allowed is a number from 16 to 8192"#]]
    .assert_eq(&text);
}

#[test]
fn one_mistake_in_the_file_on_the_boot_partition_leaves_out_all_of_it_and_nothing_else() {
    let (_folder, path) = written("names = [\"a.test\"]\nlog = \"loud\"\nnaems = 1\n");
    let (_other, strict) = written("[limits]\nconnections = 100\n");
    let options = Options { boot_config: path.clone(), ..options(&strict) };
    let effective = read(&options, []).expect("the rest is right");
    assert_eq!(effective.settings.names, ["kelas.internal", "kelas.local"]);
    assert_eq!(effective.settings.limits.connections, 100);
    let text: Vec<String> = effective.left_out.iter().map(ToString::to_string).collect();
    let text = text.join("\n").replace(&path.display().to_string(), "kelas.toml");
    expect_test::expect![[r#"
        kelas.toml: naems: there is no such setting; did you mean names?
        kelas.toml: log: found "loud", allowed is error, warn, info, debug, trace, or a filter such as "info,kelasd::http=debug""#]]
    .assert_eq(&text);
    std::fs::write(&path, "names = [\"a.test\"]\n").expect("put right");
    let effective = read(&options, []).expect("no problem");
    assert_eq!((effective.settings.names, effective.left_out), (vec!["a.test".to_owned()], vec![]));
}

#[test]
fn the_line_that_cannot_be_understood_is_named_and_not_shown() {
    for text in ["log = \"info\"\npassword = \"geheim\n", "\npassword = geheim geheim\n", "a=1\ngeheim\n"] {
        let (_folder, path) = written(text);
        let options = Options { boot_config: path, ..Options::default() };
        let effective = read(&options, []).expect("the rest is right");
        let [problem] = &effective.left_out[..] else { panic!("one problem: {:?}", effective.left_out) };
        let told = problem.to_string();
        assert!(told.contains("line 2") && !told.contains("geheim") && !told.contains('\n'), "{told}");
    }
}

#[test]
fn what_editors_of_windows_make_of_a_file_is_understood() {
    let (_folder, path) = written("\u{feff}names = [\"a.test\"]\r\nlog = \"warn\"\r\n");
    let effective = read(&Options { boot_config: path, ..Options::default() }, []).expect("no problem");
    assert_eq!((effective.settings.names, effective.left_out), (vec!["a.test".to_owned()], vec![]));
}

#[test]
fn a_file_of_absurd_size_is_not_read_to_its_end() {
    let (_folder, path) = written(&"# nothing\n".repeat(10_000));
    let effective =
        read(&Options { boot_config: path, ..Options::default() }, []).expect("the rest is right");
    assert!(
        effective.left_out[0].to_string().contains("larger than 65536 bytes"),
        "{:?}",
        effective.left_out
    );
    let path = PathBuf::from("/dev/zero");
    let effective =
        read(&Options { boot_config: path, ..Options::default() }, []).expect("the rest is right");
    assert_eq!(effective.left_out.len(), 1);
}

#[test]
fn a_file_that_is_not_there_or_not_toml_is_a_problem() {
    let (folder, path) = written("names = [");
    assert!(matches!(read(&options(&path), []).expect_err("not TOML")[..], [Problem::Unreadable { .. }]));
    let absent = folder.path().join("absent.toml");
    assert!(matches!(read(&options(&absent), []).expect_err("absent")[..], [Problem::Unreadable { .. }]));
}
