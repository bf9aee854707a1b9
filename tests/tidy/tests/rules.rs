//! The rules, applied to this repository.

use tidy::repository::sources;
use tidy::rules::{catalogues, dependencies, hosts, imports, leftovers, restricted, shape};

/// Fails with everything that was found, so that it can be put right in one go.
fn none(findings: &[String]) {
    assert!(findings.is_empty(), "{} to put right:\n{}", findings.len(), findings.join("\n"));
}

#[test]
fn crates_depend_in_one_direction() {
    none(&dependencies::directions(&sources()));
}

#[test]
fn versions_and_lints_stand_in_the_root_alone() {
    none(&dependencies::one_place_for_versions(&sources()));
}

#[test]
fn modules_of_the_daemon_import_downwards() {
    none(&imports::daemon(&sources()));
}

#[test]
fn folders_of_the_browser_side_import_downwards() {
    none(&imports::web(&sources()));
}

#[test]
fn only_tasks_and_the_writer_spawn() {
    none(&restricted::spawning(&sources()));
}

#[test]
fn only_the_clock_reads_the_time() {
    none(&restricted::clock(&sources()));
}

#[test]
fn only_the_store_knows_sql_and_only_the_network_the_bus() {
    none(&restricted::database_and_bus(&sources()));
}

#[test]
fn pure_crates_know_no_runtime() {
    none(&restricted::runtime(&sources()));
}

#[test]
fn every_rust_file_says_what_it_is_for() {
    none(&shape::headers(&sources()));
}

#[test]
fn no_file_is_too_long() {
    none(&shape::lengths(&sources()));
}

#[test]
fn nothing_is_unfinished() {
    none(&leftovers::unfinished(&sources()));
}

#[test]
fn no_test_is_switched_off() {
    none(&leftovers::switched_off(&sources()));
}

#[test]
fn nothing_of_a_search_for_mistakes_is_left() {
    none(&leftovers::debugging(&sources()));
}

#[test]
fn no_path_of_one_machine_and_no_mark_of_a_merge_is_left() {
    none(&leftovers::machine(&sources()));
}

#[test]
fn both_catalogues_say_the_same() {
    none(&catalogues::agreement(&sources()));
}

#[test]
fn every_error_has_its_sentence() {
    none(&catalogues::error_sentences(&sources()));
}

#[test]
fn every_text_is_shown_somewhere() {
    none(&catalogues::unused(&sources()));
}

#[test]
fn scripts_ask_for_texts_that_are_there() {
    none(&catalogues::scripts(&sources()));
}

#[test]
fn pages_name_no_other_host() {
    none(&hosts::other_hosts(&sources()));
}

#[test]
fn no_registry_is_named_by_its_host() {
    none(&hosts::registries(&sources()));
}
