//! Placeholders in presets: `{client_id}`, `{tenant}`, `{token.openid}`.

use std::collections::BTreeMap;

/// Fills the placeholders of `text`; `None` if one of them has no value, so that the whole is left out.
pub(super) fn fill(text: &str, value_of: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        filled.push_str(before);
        filled.push_str(&value_of(name)?);
        rest = after;
    }
    filled.push_str(rest);
    Some(filled)
}

/// Fills every value of a table; entries without one are left out.
pub(super) fn fill_all(table: &BTreeMap<String, String>, value_of: impl Fn(&str) -> Option<String>) -> Vec<(String, String)> {
    table.iter().filter_map(|(name, text)| Some((name.clone(), fill(text, &value_of)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_without_a_value_takes_its_entry_with_it() {
        let value_of = |name: &str| (name == "client_id").then(|| "me".to_owned());

        assert_eq!(fill("a={client_id}&b", value_of).as_deref(), Some("a=me&b"));
        assert_eq!(fill("{tenant}", value_of), None);
        assert_eq!(fill("{client_id", value_of), None);
        let table = BTreeMap::from([("x", "{client_id}"), ("y", "{tenant}"), ("z", "1")].map(|(k, v)| (k.to_owned(), v.to_owned())));
        assert_eq!(fill_all(&table, value_of), [("x".to_owned(), "me".to_owned()), ("z".to_owned(), "1".to_owned())]);
    }
}
