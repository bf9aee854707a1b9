//! Markdown as people write it, as HTML that runs nothing: raw HTML is shown as it was typed, links
//! lead to the web or to a mailbox, pictures from elsewhere are their words.
//!
//! What is allowed is decided event by event, before there is any HTML; so nothing has to be found
//! and taken out of it again.

use std::fmt::Write as _;

use askama::filters::{Html, escape};
use base::text;
use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

/// The HTML of a text.
pub(in crate::site) fn render(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut links = Vec::new();
    let events = Parser::new_ext(markdown, options).filter_map(|event| allowed(event, &mut links));
    let mut rendered = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut rendered, events);
    rendered
}

/// Whether a link that is open at the moment is shown as one.
type Links = Vec<bool>;

fn allowed<'a>(event: Event<'a>, links: &mut Links) -> Option<Event<'a>> {
    match event {
        Event::Start(tag) => start(tag, links),
        Event::End(tag) => end(tag, links),
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        // As it was typed: whoever writes a list of steps on lines of their own means them.
        Event::SoftBreak => Some(Event::HardBreak),
        Event::Text(_) | Event::Code(_) | Event::HardBreak | Event::Rule => Some(event),
        // Not switched on.
        Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::FootnoteReference(_)
        | Event::TaskListMarker(_) => None,
    }
}

fn start<'a>(tag: Tag<'a>, links: &mut Links) -> Option<Event<'a>> {
    Some(Event::Start(match tag {
        Tag::Link { link_type, dest_url, .. } => {
            let opened = open_link(link_type, &dest_url);
            links.push(opened.is_some());
            return opened.map(|html| Event::InlineHtml(CowStr::from(html)));
        }
        // Raw HTML stands as a paragraph of its own.
        Tag::HtmlBlock => Tag::Paragraph,
        Tag::Heading { level, .. } => {
            Tag::Heading { level: lower(level), id: None, classes: Vec::new(), attrs: Vec::new() }
        }
        Tag::CodeBlock(_) => Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Indented),
        // Columns would be aligned by a style in the element, which the page's policy refuses.
        Tag::Table(columns) => Tag::Table(vec![pulldown_cmark::Alignment::None; columns.len()]),
        Tag::BlockQuote(_) => Tag::BlockQuote(None),
        Tag::Paragraph
        | Tag::List(_)
        | Tag::Item
        | Tag::TableHead
        | Tag::TableRow
        | Tag::TableCell
        | Tag::Emphasis
        | Tag::Strong
        | Tag::Strikethrough => tag,
        _ => return None,
    }))
}

fn end<'a>(tag: TagEnd, links: &mut Links) -> Option<Event<'a>> {
    Some(Event::End(match tag {
        TagEnd::Link => {
            let shown = links.pop().unwrap_or(false);
            return shown.then(|| Event::InlineHtml(CowStr::from("</a>")));
        }
        TagEnd::HtmlBlock => TagEnd::Paragraph,
        TagEnd::Heading(level) => TagEnd::Heading(lower(level)),
        TagEnd::BlockQuote(_) => TagEnd::BlockQuote(None),
        TagEnd::Paragraph
        | TagEnd::CodeBlock
        | TagEnd::List(_)
        | TagEnd::Item
        | TagEnd::Table
        | TagEnd::TableHead
        | TagEnd::TableRow
        | TagEnd::TableCell
        | TagEnd::Emphasis
        | TagEnd::Strong
        | TagEnd::Strikethrough => tag,
        _ => return None,
    }))
}

/// The page's own headings are above those of a text.
fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H4,
        HeadingLevel::H2 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

fn open_link(link_type: LinkType, address: &str) -> Option<String> {
    let address = match link_type {
        LinkType::Email => format!("mailto:{address}"),
        _ => address.to_owned(),
    };
    // `text::link` would take a bare word for a host; a link of Markdown says where it leads.
    let checked = text::link(&address).ok().filter(|checked| *checked == address)?;
    Some(anchor(&checked))
}

/// The opening tag of a link to elsewhere: it tells nothing of where it was followed from.
pub(super) fn anchor(address: &str) -> String {
    let mut tag = String::from("<a rel=\"noopener nofollow\" href=\"");
    match escape(address, Html) {
        Ok(escaped) => write!(tag, "{escaped}").expect("a String takes all that is written"),
        // Infallible in askama.
        Err(_) => return String::from("<a>"),
    }
    tag.push_str("\">");
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_teachers_write_is_shown_as_they_mean_it() {
        for (markdown, expected) in [
            ("# Gaya\n\nBaca *bab* **3**.", "<h4>Gaya</h4>\n<p>Baca <em>bab</em> <strong>3</strong>.</p>\n"),
            ("satu\ndua", "<p>satu<br />\ndua</p>\n"),
            ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"),
            ("~~a~~ `b<c`", "<p><del>a</del> <code>b&lt;c</code></p>\n"),
            (
                "[Wiki](https://id.wikipedia.org/?a=1&b=2)",
                "<p><a rel=\"noopener nofollow\" href=\"https://id.wikipedia.org/?a=1&#38;b=2\">Wiki</a></p>\n",
            ),
            (
                "<https://a.id> <guru@a.id>",
                "<p><a rel=\"noopener nofollow\" href=\"https://a.id\">https://a.id</a> \
                 <a rel=\"noopener nofollow\" href=\"mailto:guru@a.id\">guru@a.id</a></p>\n",
            ),
            ("```js\nlet a;\n```", "<pre><code>let a;\n</code></pre>\n"),
        ] {
            assert_eq!(render(markdown), expected, "{markdown}");
        }
    }

    #[test]
    fn nothing_that_runs_or_loads_comes_out() {
        for hostile in HOSTILE.lines().filter(|line| !line.is_empty()) {
            for markdown in [hostile.to_owned(), format!("# {hostile}"), format!("|{hostile}|\n|-|\n|x|")] {
                let html = render(&markdown);
                assert_safe(&html);
            }
        }
    }

    /// Also typed into a real browser (tests/browser).
    const HOSTILE: &str = include_str!("../../../../tests/hostile-markdown.txt");

    /// Every tag is one of ours, as we write it.
    fn assert_safe(html: &str) {
        for tag in html.split('<').skip(1) {
            let tag = tag.split('>').next().expect("text");
            let name = tag.trim_start_matches('/').split([' ', '/']).next().expect("a name");
            let known = [
                "a",
                "p",
                "h4",
                "h5",
                "h6",
                "em",
                "strong",
                "del",
                "code",
                "pre",
                "br",
                "hr",
                "ul",
                "ol",
                "li",
                "blockquote",
                "table",
                "thead",
                "tbody",
                "tr",
                "th",
                "td",
            ];
            assert!(known.contains(&name), "{html}");
            if name == "a" && !tag.starts_with('/') {
                let address = tag.strip_prefix("a rel=\"noopener nofollow\" href=\"").expect(html);
                let address = address.strip_suffix('"').expect(html).to_ascii_lowercase();
                let schemes = ["http://", "https://", "mailto:"];
                assert!(schemes.iter().any(|scheme| address.starts_with(scheme)), "{html}");
                assert!(!address.contains(['"', '\'', ' ']), "{html}");
            } else {
                assert!(!tag.contains('='), "{html}");
            }
        }
    }
}
