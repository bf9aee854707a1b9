//! Power that is cut in the middle of a program of the overlay: at the start of each command that it
//! calls, in turn.
//!
//! May use: [`Card`]. Used by: the tests of programs that the next boot has to finish.

use crate::Card;

/// What a cut script begins with: `cut_at COUNT PROGRAM [ARGUMENT...]` runs a program of the overlay
/// and ends it, with all that it started, at the start of its command number COUNT; it succeeds if there
/// are fewer. By dash, since `BusyBox` runs its own programs without asking where they lie.
const PREPARE: &str = r#"
ln -sf /host/usr/bin/dash /usr/bin/sh
mkdir /cut
for name in COMMANDS; do
  { echo '#!/bin/sh'; echo 'exec /cut/step "$0" "$@"'; } >/cut/$name
  chmod +x /cut/$name
done
cat >/cut/step <<'STEP'
#!/bin/busybox sh
left=$(($(/usr/bin/busybox cat /cut/left) - 1))
echo $left >/cut/left
# The parts of a pipe run at once and may count as one, so the number of cuts differs from run to run.
if [ $left -le 0 ]; then kill -9 0; fi
name=${1##*/}
shift
PATH=/usr/sbin:/usr/bin exec "$name" "$@"
STEP
chmod +x /cut/step
cut_at() {
  echo $1 >/cut/left
  shift
  PATH=/cut:$PATH setsid /bin/sh "$@" >/dev/null 2>&1
}
"#;

impl Card {
    /// Runs a script that calls `cut_at` with ever larger numbers until it succeeds, prints every
    /// state that is wrong, and at last `N cuts`. `commands` are those that a program can be cut at.
    /// Returns N.
    ///
    /// # Panics
    /// If it fails, or says that anything is wrong.
    pub fn cut_everywhere(&self, commands: &str, script: &str) -> u32 {
        let output = self.succeeds(&format!("{}\n{script}", PREPARE.replace("COMMANDS", commands)));
        let output = output.trim();
        let (wrong, cuts) = output.rsplit_once('\n').unwrap_or(("", output));
        assert_eq!(wrong, "");
        cuts.strip_suffix(" cuts").and_then(|cuts| cuts.parse().ok()).expect("their number")
    }
}
