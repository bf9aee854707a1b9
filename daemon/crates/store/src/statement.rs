//! Statements with names, so that a test can ask `SQLite` how it would run each of them.

/// Defines SQL constants and `STATEMENTS`, the list of them with their names.
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$meta])* const $name: &str = $sql;)*

        /// Every statement of this module, by name.
        #[cfg(test)]
        pub(crate) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name),)*];
    };
}

pub(crate) use statements;
