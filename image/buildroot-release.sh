# shellcheck shell=sh
# The Buildroot release that images are made with: version, and SHA-256 of its .tar.xz. A stable
# release, because the long-term ones up to 2026.02 have a Rust older than the workspace's
# rust-version. Where the hash is from: docs/building.md.
export BUILDROOT_VERSION=2026.08
export BUILDROOT_SHA256=87aaca4164ea9d5c8085854953018263f7963f07c22e73a2a2185cc98c581c34
