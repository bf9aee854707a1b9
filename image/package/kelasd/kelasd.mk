################################################################################
#
# kelasd
#
################################################################################

KELASD_VERSION = $(shell sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' $(KELASD_SITE)/Cargo.toml)
KELASD_SITE = $(abspath $(BR2_EXTERNAL_KELAS_PATH)/..)
KELASD_SITE_METHOD = local
KELASD_LICENSE = MIT or Apache-2.0
KELASD_LICENSE_FILES = LICENSE LICENSE-MIT LICENSE-APACHE
KELASD_SUBDIR = daemon

# What the daemon is built from is small; what lies beside it after a day's work is not.
KELASD_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS = \
	--exclude=/target --exclude=/var --exclude=/.tools --exclude=node_modules \
	--exclude=/image/out --exclude=/tests/browser/shots

# Buildroot sets parts of Cargo's release profile by environment variables: no link-time
# optimisation, sixteen code generation units. The workspace's own profile rules instead. And
# without the folders of the machine that builds, which panic messages would name.
KELASD_CARGO_ENV = \
	CARGO_TARGET_DIR=$(@D)/target \
	CARGO_TARGET_$(call UPPERCASE,$(RUSTC_TARGET_NAME))_RUSTFLAGS="--remap-path-prefix=$(BR_CARGO_HOME)=/cargo --remap-path-prefix=$(@D)=/kelas" \
	CFLAGS="$(TARGET_CFLAGS) -ffile-prefix-map=$(BR_CARGO_HOME)=/cargo" \
	env $(foreach key,CODEGEN_UNITS DEBUG INCREMENTAL LTO OPT_LEVEL SPLIT_DEBUGINFO,\
		--unset=CARGO_PROFILE_RELEASE_$(key))
KELASD_CARGO_BUILD_OPTS = --package kelasd

# A local package has no download step that would bring the crates and the built browser side.
define KELASD_CHECK_PREPARED
	@test -f $(KELASD_SITE)/web/dist/manifest.json && test -d $(BR_CARGO_HOME)/registry || { \
		echo 'kelasd: the browser side or the crates are missing; start with "make image" (docs/building.md)' >&2; \
		exit 1; }
endef
KELASD_PRE_BUILD_HOOKS += KELASD_CHECK_PREPARED

define KELASD_INSTALL_TARGET_CMDS
	$(INSTALL) -D -m 0755 $(@D)/target/$(RUSTC_TARGET_NAME)/release/kelasd \
		$(TARGET_DIR)/usr/bin/kelasd
endef

# The same as systemd/sysusers.d/kelas.conf, which image/check compares.
define KELASD_USERS
	kelas 440 kelas 440 * /data/kelas /usr/sbin/nologin - Kelas classroom server
endef

$(eval $(cargo-package))
