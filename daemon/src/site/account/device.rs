//! What people call a browser that names itself in a `User-Agent` header.
//!
//! Browsers claim to be each other, so the rarer name is looked for first. A wrong guess costs
//! nothing: it is a help to recognise one's own devices by.

/// Marks in the header, and the browsers that have them.
const BROWSERS: [(&str, &str); 9] = [
    ("SamsungBrowser/", "Samsung Internet"),
    ("UCBrowser/", "UC Browser"),
    ("OPR/", "Opera"),
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Marks in the header, and the systems that have them.
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
];

/// "Chrome, Android", or as much of it as the header tells.
pub(super) fn name(user_agent: &str) -> Option<String> {
    let known = |marks: &[(&str, &'static str)]| {
        marks.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (known(&BROWSERS), known(&SYSTEMS)) {
        (Some(browser), Some(system)) => Some(format!("{browser}, {system}")),
        (Some(only), None) | (None, Some(only)) => Some(only.to_owned()),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_phones_and_laptops_are_recognised() {
        let chrome = "(KHTML, like Gecko) Chrome/130.0.0.0";
        for (user_agent, expected) in [
            (format!("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 {chrome} Mobile Safari/537.36"), "Chrome, Android"),
            ("Mozilla/5.0 (Linux; Android 9; SM-J4) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36".to_owned(), "Samsung Internet, Android"),
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 {chrome} Safari/537.36 Edg/130.0.0.0"), "Edge, Windows"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 15_8 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Mobile/15E148 Safari/604.1".to_owned(), "Safari, iPhone"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0".to_owned(), "Firefox, Linux"),
        ] {
            assert_eq!(name(&user_agent).as_deref(), Some(expected), "{user_agent}");
        }
        assert_eq!(name("curl/8.5.0"), None);
        assert_eq!(name(""), None);
    }
}
