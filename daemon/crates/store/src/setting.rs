//! What the daemon itself remembers between starts.

use base::Result;
use rusqlite::{OptionalExtension, named_params};

use crate::failure::Failure;
use crate::statement::statements;
use crate::store::Store;

statements! {
    SETTING = "SELECT value FROM setting WHERE key = :key";
    SET_SETTING = "
        INSERT INTO setting (key, value) VALUES (:key, :value)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value";
}

impl Store {
    /// The value kept under `key`.
    pub async fn setting(&self, key: &str) -> Result<Option<String>> {
        let key = key.to_owned();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(SETTING)?;
            Ok(statement.query_row(named_params! {":key": key}, |row| row.get(0)).optional()?)
        })
        .await
    }

    /// Keeps under `key` what `change` makes of what was there, in one step: of two that change it
    /// at once the second sees what the first has made. What is kept now. The errors are also
    /// those of `change`, and then nothing was changed.
    pub async fn change_setting(
        &self,
        key: &str,
        change: impl FnOnce(Option<String>) -> Result<String> + Send + 'static,
    ) -> Result<String> {
        let key = key.to_owned();
        self.write(move |connection| {
            let mut statement = connection.prepare_cached(SETTING)?;
            let before = statement.query_row(named_params! {":key": key}, |row| row.get(0)).optional()?;
            let value = change(before).map_err(Failure::Known)?;
            connection.prepare_cached(SET_SETTING)?.execute(named_params! {":key": key, ":value": value})?;
            Ok(value)
        })
        .await
    }

    /// Keeps `value` under `key`, in place of what there was.
    pub async fn set_setting(&self, key: &str, value: &str) -> Result<()> {
        let (key, value) = (key.to_owned(), value.to_owned());
        self.write(move |connection| {
            connection.prepare_cached(SET_SETTING)?.execute(named_params! {":key": key, ":value": value})?;
            Ok(())
        })
        .await
    }
}
