//! What looks at a page: which system, and whether it is one of the small browsers that systems
//! open for a captive portal. Read from `User-Agent`, the only thing that both have to say.
//!
//! What is known of the small browsers:
//! - Android's sheet (`CaptivePortalLoginActivity`) is a `WebView`, whose name has `; wv)` in it.
//!   It grants no camera (it overrides `onProgressChanged` alone), has no tabs and no downloads,
//!   and is closed as soon as a probe succeeds. Its way out is the page that it shows for a TLS
//!   error, whose link keeps the network and opens the real browser.
//! - Apple's sheet (Captive Network Assistant) is a `WKWebView`, which names `AppleWebKit` and
//!   ends without the `Safari/…` of every real browser on these systems. It has no camera, and
//!   leaving it by "Cancel" drops the Wi-Fi. Once a probe has succeeded, a link opens in Safari.
//! - Windows, Firefox, Chrome and Chrome OS use a tab of a real browser.
//!
//! Other programs that show pages inside themselves have the same names, the same missing camera
//! and the same cure: the real browser.

use http::{HeaderMap, header};

/// What a page is looked at with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Browser {
    /// Android's sheet, or a program that shows pages inside itself.
    AndroidSheet,
    /// The sheet of iOS or macOS, or a program that shows pages inside itself.
    AppleSheet,
    /// A browser on Android.
    Android,
    /// A browser on an iPhone or iPad that says so; iPads mostly call themselves Macs.
    Ios,
    /// Firefox on a computer.
    Firefox,
    /// A browser on Windows.
    Windows,
    /// Chrome OS.
    ChromeOs,
    /// Another browser on a computer.
    Desktop,
    /// None of these, or no browser.
    Unknown,
}

impl Browser {
    /// What sent a request.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        Self::named(agent(headers))
    }

    fn named(agent: &str) -> Self {
        let has = |word: &str| agent.contains(word);
        let apple = has("iPhone") || has("iPad") || has("iPod") || has("Macintosh");
        if !agent.starts_with("Mozilla/") {
            Self::Unknown
        } else if has("Android") {
            if has("; wv)") { Self::AndroidSheet } else { Self::Android }
        } else if apple && has("AppleWebKit/") && !has("Safari/") {
            Self::AppleSheet
        } else if apple && !has("Macintosh") {
            Self::Ios
        } else if has("CrOS") {
            Self::ChromeOs
        } else if has("Firefox/") {
            Self::Firefox
        } else if has("Windows NT") {
            Self::Windows
        } else if apple || has("X11;") {
            Self::Desktop
        } else {
            Self::Unknown
        }
    }

    /// Whether it is one in which the classroom must not run.
    pub(crate) const fn is_small(self) -> bool {
        matches!(self, Self::AndroidSheet | Self::AppleSheet)
    }

    /// Whether it may be on a device with mobile data.
    pub(crate) const fn is_on_phone(self) -> bool {
        !matches!(self, Self::Firefox | Self::Windows | Self::ChromeOs | Self::Desktop)
    }

    /// Whether the classroom can run in it.
    pub(crate) const fn is_real(self) -> bool {
        !self.is_small() && !matches!(self, Self::Unknown)
    }
}

/// How the sender calls itself.
pub(super) fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default()
}

/// Whether a person's browser asks for a page to look at, rather than a program for an answer.
/// Android's probe calls itself a browser, but only a browser that opens a page sends both of
/// these, and it must see a page also where a probe would be told "no content".
pub(super) fn opens_page(headers: &HeaderMap) -> bool {
    wants_html(headers) && headers.contains_key(header::UPGRADE_INSECURE_REQUESTS)
}

/// Whether the sender can do something with a page.
pub(crate) fn wants_html(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .any(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_names_are_told_apart() {
        let table = [
            (
                "Mozilla/5.0 (Linux; Android 14; SM-A057F Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.6778.39 Mobile Safari/537.36",
                Browser::AndroidSheet,
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
                Browser::Android,
            ),
            (
                "Mozilla/5.0 (Linux; U; Android 12; id-id; M2004J19C) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100.0.4896.127 Mobile Safari/537.36 XiaoMi/MiuiBrowser/13.6.0-gn",
                Browser::Android,
            ),
            ("Mozilla/5.0 (Android 13; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0", Browser::Android),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
                Browser::AppleSheet,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
                Browser::AppleSheet,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                Browser::Ios,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1",
                Browser::Ios,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
                Browser::Desktop,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0",
                Browser::Firefox,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
                Browser::Windows,
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
                Browser::ChromeOs,
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
                Browser::Desktop,
            ),
            ("CaptiveNetworkSupport-514.100.16 wispr", Browser::Unknown),
            ("Microsoft NCSI", Browser::Unknown),
            ("Dalvik/2.1.0 (Linux; U; Android 6.0.1; SM-J500G Build/MMB29M)", Browser::Unknown),
            ("", Browser::Unknown),
        ];
        for (agent, browser) in table {
            assert_eq!(Browser::named(agent), browser, "{agent}");
        }
    }
}
