//! A form of a page, as a browser without JavaScript would send it.

use crate::Outcome;

/// One form, with what stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// As the page says it.
    pub(crate) action: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Form {
    /// The form of the page that is sent to `action`, without its query.
    pub(crate) fn find(page: &str, action: &str) -> Outcome<Self> {
        let found = forms(page).into_iter().find(|form| form.action.split('?').next() == Some(action));
        found.ok_or_else(|| format!("no form for {action} in\n{page}").into())
    }

    /// Types or chooses something. The page must have such a field: a name that it does not know
    /// would be a mistake of the test.
    pub(crate) fn set(&mut self, page: &str, name: &str, value: &str) -> Outcome<()> {
        if !page.contains(&format!("name=\"{name}\"")) {
            return Err(format!("no field {name} in\n{page}").into());
        }
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        Ok(())
    }

    /// Takes the mark off a box. It must have been there, or the test would see nothing change.
    pub(crate) fn leave_out(&mut self, name: &str) -> Outcome<()> {
        let before = self.fields.len();
        self.fields.retain(|(field, _)| field != name);
        if self.fields.len() < before { Ok(()) } else { Err(format!("{name} was not sent anyhow").into()) }
    }
}

/// All forms that are posted as text; one with files is left alone.
fn forms(page: &str) -> Vec<Form> {
    page.split("<form").skip(1).filter_map(form).collect()
}

fn form(text: &str) -> Option<Form> {
    let (head, rest) = text.split_once('>')?;
    if !attribute(head, "method").is_some_and(|method| method.eq_ignore_ascii_case("post")) {
        return None;
    }
    if attribute(head, "enctype").is_some() {
        return None;
    }
    let inside = rest.split("</form").next().unwrap_or_default();
    let mut form = Form { action: attribute(head, "action").unwrap_or_default(), fields: Vec::new() };
    let mut select = None;
    for tag in inside.split('<').skip(1) {
        let (head, text) = tag.split_once('>').unwrap_or((tag, ""));
        let name = attribute(head, "name");
        match head.split([' ', '\n', '/']).next() {
            Some("input") => form.fields.extend(name.and_then(|name| sent(head, name))),
            Some("textarea") => {
                form.fields.extend(name.map(|name| (name, plain(text.trim_start_matches('\n')))));
            }
            Some("select") => select = name,
            Some("option") => {
                let chosen = has(head, "selected")
                    || !form.fields.iter().any(|(field, _)| Some(field) == select.as_ref());
                if let (true, Some(name)) = (chosen, select.clone()) {
                    let value = attribute(head, "value").unwrap_or_else(|| plain(text.trim()));
                    form.fields.retain(|(field, _)| *field != name);
                    form.fields.push((name, value));
                }
            }
            _ => {}
        }
    }
    Some(form)
}

/// What an input sends by itself.
fn sent(head: &str, name: String) -> Option<(String, String)> {
    let value = attribute(head, "value");
    match attribute(head, "type").as_deref() {
        Some("checkbox" | "radio") if !has(head, "checked") => None,
        Some("checkbox" | "radio") => Some((name, value.unwrap_or_else(|| "on".to_owned()))),
        Some("submit" | "file" | "button") => None,
        _ => Some((name, value.unwrap_or_default())),
    }
}

/// An attribute's value.
fn attribute(head: &str, name: &str) -> Option<String> {
    let (_, rest) =
        head.split_once(&format!(" {name}=\"")).or_else(|| head.split_once(&format!("\n{name}=\"")))?;
    Some(plain(rest.split('"').next()?))
}

fn has(head: &str, name: &str) -> bool {
    head.split_whitespace().any(|word| word.trim_end_matches('/') == name)
}

/// Without the character references that templates write.
fn plain(text: &str) -> String {
    let named =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&#x27;", "'")];
    let text = named.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    text.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<form method=\"get\" action=\"/x\"></form>\
        <form method=\"post\" action=\"/setup/wifi\" enctype=\"multipart/form-data\"></form>\
        <form method=\"post\" action=\"/setup/wifi?back=1\">\
        <input type=\"hidden\" name=\"form_token\" value=\"a&amp;b\">\
        <label>Name <input name=\"ssid\" value=\"Kelas &quot;8B&quot;\"></label>\
        <input type=\"radio\" name=\"band\" value=\"2\" checked><input type=\"radio\" name=\"band\" value=\"5\">\
        <input type=\"checkbox\" name=\"open\">\
        <select name=\"country\"><option value=\"AU\">A<option value=\"ID\" selected>I</option></select>\
        <select name=\"channel\"><option value=\"1\">1<option value=\"6\">6</select>\
        <textarea name=\"note\">\nhi</textarea><button name=\"go\" value=\"1\">Go</button></form>";

    #[test]
    fn a_form_is_sent_as_it_stands() {
        let form = Form::find(PAGE, "/setup/wifi").expect("there");
        let fields: Vec<_> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let expected = [
            ("form_token", "a&b"),
            ("ssid", "Kelas \"8B\""),
            ("band", "2"),
            ("country", "ID"),
            ("channel", "1"),
            ("note", "hi"),
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_field_is_filled_and_one_that_is_not_there_is_a_mistake() {
        let mut form = Form::find(PAGE, "/setup/wifi").expect("there");
        form.set(PAGE, "ssid", "SMPN 1").expect("a field");
        assert!(form.fields.contains(&("ssid".to_owned(), "SMPN 1".to_owned())));
        assert!(form.set(PAGE, "password", "x").is_err());
        assert!(Form::find(PAGE, "/x").is_err());
    }
}
