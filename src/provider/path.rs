//! Paths into what a provider answered: `data.id`, `data[0].id`, `emails[primary].email`, `"https://slack.com/team_id"`.
//!
//! Members stand between dots, in quotes if a name has a dot of its own. `[0]`
//! takes an element of a list by its place, `[primary]` the first one whose
//! member `primary` is `true`.

use serde::Deserialize;
use serde_json::{Map, Value};

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Member(String),
    Place(usize),
    Flagged(String),
}

/// A path to one value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Path(Vec<Step>);

impl Path {
    /// Parses a path; `None` if a bracket or a quote is left open or a name is empty.
    pub fn parse(text: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let mut rest = text;
        loop {
            rest = read_member(rest, &mut steps)?;
            while let Some(inner) = rest.strip_prefix('[') {
                let (selector, after) = inner.split_once(']').filter(|(selector, _)| !selector.is_empty())?;
                steps.push(selector.parse().map_or_else(|_| Step::Flagged(selector.to_owned()), Step::Place));
                rest = after;
            }
            match rest.strip_prefix('.') {
                Some(next) => rest = next,
                None => return rest.is_empty().then_some(Self(steps)),
            }
        }
    }

    /// Finds the value; `null` counts as nothing.
    pub fn find<'a>(&self, object: &'a Map<String, Value>) -> Option<&'a Value> {
        let (Step::Member(first), steps) = self.0.split_first()? else { return None };
        let found = steps.iter().try_fold(object.get(first)?, |value, step| match step {
            Step::Member(name) => value.get(name),
            Step::Place(place) => value.get(place),
            Step::Flagged(flag) => value.as_array()?.iter().find(|element| element.get(flag) == Some(&Value::Bool(true))),
        })?;
        (!found.is_null()).then_some(found)
    }

    /// Returns the value as text: a string as it is, a whole number in decimal digits.
    ///
    /// A number that was read as a fraction has lost digits, so it names nobody.
    pub fn text(&self, object: &Map<String, Value>) -> Option<String> {
        match self.find(object)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) if number.is_u64() || number.is_i64() => Some(number.to_string()),
            _ => None,
        }
    }

    /// Returns the member that it begins with.
    pub fn root(&self) -> &str {
        match self.0.first() {
            Some(Step::Member(name)) => name,
            _ => "",
        }
    }
}

impl TryFrom<String> for Path {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text} is no path"))
    }
}

fn read_member<'a>(text: &'a str, steps: &mut Vec<Step>) -> Option<&'a str> {
    let (name, rest) = match text.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => text.split_at(text.find(['.', '[', ']', '"']).unwrap_or(text.len())),
    };
    steps.push(Step::Member((!name.is_empty()).then(|| name.to_owned())?));
    Some(rest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_leads_to_one_text() {
        let document = json!({
            "id": 583_231, "name": "", "far": 1.5e30, "none": null, "data": [{"id": "7"}], "response": {"id": "a"}, "https://x.example/id": "u",
            "emails": [{"email": "a@example.com", "primary": false}, {"email": "b@example.com", "primary": true}],
        });
        let document = document.as_object().expect("an object");
        for (path, text) in [
            ("id", Some("583231")),
            ("data[0].id", Some("7")),
            ("data[1].id", None),
            ("response.id", Some("a")),
            ("response.id.deeper", None),
            ("emails[primary].email", Some("b@example.com")),
            ("emails[absent].email", None),
            ("\"https://x.example/id\"", Some("u")),
            ("name", None),
            ("none", None),
            ("far", None),
            ("data", None),
        ] {
            assert_eq!(Path::parse(path).expect(path).text(document).as_deref(), text, "{path}");
        }
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["", ".", "a.", ".a", "a[", "a[]", "a]", "\"a", "[0]", "a\"b\""] {
            assert_eq!(Path::parse(text), None, "{text}");
        }
    }
}
