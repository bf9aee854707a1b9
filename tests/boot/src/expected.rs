//! Warnings that a healthy boot writes, each with the reason why it is left as it is.

/// How often an expected warning is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occurs {
    /// In each run of the tests: one that does not is to be taken out of the list.
    Always,
    /// Depending on what is said beside it.
    Sometimes,
}

/// An expected warning.
#[derive(Debug)]
pub(crate) struct Expected {
    /// The program that writes it.
    pub(crate) from: &'static str,
    /// The message, in which `*` stands for anything.
    pub(crate) pattern: &'static str,
    pub(crate) occurs: Occurs,
    pub(crate) reason: &'static str,
}

pub(crate) const EXPECTED: [Expected; 10] = [
    Expected {
        from: "kernel",
        pattern: "pci-host-generic *.pcie: Memory resource size exceeds max for 32 bits",
        occurs: Occurs::Always,
        reason: "QEMU's machine has a PCI window larger than its 32-bit registers; no Pi has it",
    },
    Expected {
        from: "kernel",
        pattern: "hrtimer: interrupt took * ns",
        occurs: Occurs::Sometimes,
        reason: "the host is busy, and the emulated processor is stopped in the middle of an interrupt",
    },
    Expected {
        from: "kernel",
        pattern: "workqueue: * hogged CPU for >*us * times, consider switching to WQ_UNBOUND",
        occurs: Occurs::Sometimes,
        reason: "the host is busy: the time counts in which the emulated processor stands still",
    },
    Expected {
        from: "kernel",
        pattern: "*rcu: INFO: * detected *stalls*",
        occurs: Occurs::Sometimes,
        reason: "the host is busy: the emulated processor stood still for longer than a real one may",
    },
    Expected {
        from: "kernel",
        pattern: "*watchdog: BUG: soft lockup - CPU#* stuck for *s!*",
        occurs: Occurs::Sometimes,
        reason: "the host is busy: the emulated processor stood still for longer than a real one may",
    },
    Expected {
        from: "dnsmasq",
        pattern: "warning: no upstream servers configured",
        occurs: Occurs::Always,
        reason: "the box's own Wi-Fi leads every name to the box and asks nobody else",
    },
    Expected {
        from: "dnsmasq",
        pattern: "chown of PID file * failed: please add capability CAP_CHOWN",
        occurs: Occurs::Sometimes,
        reason: "NetworkManager's unit lacks it and NetworkManager, being root, can end dnsmasq all the same",
    },
    Expected {
        from: "NetworkManager",
        pattern: "*device (wlan0): *supplicant interface*",
        occurs: Occurs::Sometimes,
        reason: "the host is busy: wpa_supplicant took longer to start than NetworkManager waits, which tries again",
    },
    Expected {
        from: "kelasd",
        pattern: "a change was cut off by a restart",
        occurs: Occurs::Always,
        reason: "the plug is pulled while a change of the Wi-Fi is on trial, and the box says so",
    },
    Expected {
        from: "kelasd",
        pattern: "the changed network is taken back",
        occurs: Occurs::Sometimes,
        reason: "after that cut the change on trial is gone, and the box says that its old Wi-Fi is back",
    },
];
