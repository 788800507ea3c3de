//! Reads `genkan.toml`.

use std::path::Path;

use figment::providers::{Format as _, Toml};
use figment::value::{Dict, Value};
use figment::{Profile, Provider as _};

use super::ConfigError;
use super::schema::{self, Key};
use super::settings::{self, Setting, Settings, Table};

/// A file's text and the name that messages call it by.
struct File<'a> {
    name: String,
    text: &'a str,
}

/// Reads a file into settings.
///
/// # Errors
///
/// [`ConfigError`] if it cannot be read, is no TOML, or holds a key that is not known.
pub(super) fn read(path: &Path) -> Result<Settings, ConfigError> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let problem = format!("the configuration file cannot be read: {}", error.kind());
        ConfigError::new("--config", &name, problem, "check the path and who may read it")
    })?;
    parse(&File { name, text: &text })
}

fn parse(file: &File<'_>) -> Result<Settings, ConfigError> {
    let mut settings = Settings::default();
    for (section, value) in parse_toml(file)? {
        match value {
            Value::Array(_, tables) if section == "providers" => read_providers(file, tables, &mut settings)?,
            Value::Dict(_, dict) if schema::is_section(&section) && section != "providers" => {
                let known = schema::KEYS.iter().find(|key| key.section == section).expect("the section is known").section;
                settings.sections.insert(known, read_table(file, (known, known), 0, dict)?);
            }
            _ => return Err(stray(file, &section)),
        }
    }
    Ok(settings)
}

/// Parses the text; of a syntax error only the place is told, for the parser's own words quote the line.
fn parse_toml(file: &File<'_>) -> Result<Dict, ConfigError> {
    let parsed = Toml::string(file.text).data().map_err(|error| {
        let words = error.to_string();
        let place = words.lines().next().and_then(|line| line.split_once(" at line ")).and_then(|(_, place)| place.split(',').next());
        let line = place.and_then(|place| place.trim().parse().ok());
        let remedy = "check quotes, brackets and that no key stands there twice";
        ConfigError::new("--config", origin(file, line), "this is not readable as TOML", remedy)
    })?;
    Ok(parsed.get(&Profile::Default).cloned().unwrap_or_default())
}

fn read_providers(file: &File<'_>, tables: Vec<Value>, settings: &mut Settings) -> Result<(), ConfigError> {
    for (index, value) in tables.into_iter().enumerate() {
        let Value::Dict(_, dict) = value else { return Err(stray(file, "providers")) };
        let label = settings::provider_label(index, dict.get("id").and_then(Value::as_str).unwrap_or_default());
        let table = read_table(file, ("providers", &label), index, dict)?;
        let Some(id) = table.keys.get("id").and_then(|id| id.value.as_str()) else {
            return Err(ConfigError::new(
                format!("{label}.id"),
                &table.origin,
                "it is missing or no text",
                "add id = \"…\", the name in URLs",
            ));
        };
        settings.providers.push((id.to_owned(), table));
    }
    Ok(())
}

/// Reads a section, or a provider, under the label that messages call it by.
fn read_table(file: &File<'_>, (section, label): (&'static str, &str), index: usize, dict: Dict) -> Result<Table, ConfigError> {
    let mut table = Table { origin: origin(file, line_of(file.text, section, index, None)), ..Table::default() };
    for (name, value) in dict {
        let origin = origin(file, line_of(file.text, section, index, Some(&name)));
        if schema::find(section, &name).is_none() {
            return Err(unknown((section, label), &name, &origin));
        }
        table.keys.insert(name, Setting { value, origin });
    }
    Ok(table)
}

fn unknown((section, label): (&str, &str), name: &str, origin: &str) -> ConfigError {
    let remedy = match schema::nearest(section, name) {
        Some(Key { section: near, name, .. }) if *near == section => format!("did you mean `{name}`?"),
        Some(key) => format!("did you mean `{}` in [{}]?", key.name, key.section),
        None => format!("known are: {}", known_keys(section)),
    };
    ConfigError::new(format!("{label}.{name}"), origin, "there is no such key", remedy)
}

fn known_keys(section: &str) -> String {
    schema::KEYS.iter().filter(|key| key.section == section).map(|key| key.name).collect::<Vec<_>>().join(", ")
}

/// Answers something at the top of the file that is neither a known section nor `[[providers]]`.
fn stray(file: &File<'_>, name: &str) -> ConfigError {
    let line = file.text.lines().position(|line| {
        let line = line.trim_start().trim_start_matches('[').trim_start();
        line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with(['=', ']', '.']))
    });
    let origin = origin(file, line.map(|index| index + 1));
    if name == "providers" {
        return ConfigError::new(
            name,
            origin,
            "this is not a list of providers",
            "write [[providers]] with two brackets, and id = \"…\" below",
        );
    }
    if schema::is_section(name) {
        return ConfigError::new(name, origin, "this is a section, not a key", format!("write [{name}] and its keys below"));
    }
    let nearest_section = schema::KEYS.iter().map(|key| key.section).find(|section| strsim::damerau_levenshtein(section, name) <= 2);
    let same_name = schema::KEYS.iter().find(|key| key.name == name);
    let remedy = match (nearest_section, same_name) {
        (Some(section), _) => format!("did you mean [{section}]?"),
        (None, Some(key)) => format!("did you mean `{name}` in [{}]?", key.section),
        (None, None) => {
            "the sections are server, database, log, metrics, signin, password, session, throttle, http and [[providers]]".to_owned()
        }
    };
    ConfigError::new(name, origin, "there is no such section", remedy)
}

fn origin(file: &File<'_>, line: Option<usize>) -> String {
    line.map_or_else(|| file.name.clone(), |line| format!("{} line {line}", file.name))
}

/// Finds the line of a key, or of its section's head, counted from 1.
///
/// Good for TOML as people write it; keys in other notations are found by no line.
fn line_of(text: &str, section: &str, index: usize, key: Option<&str>) -> Option<usize> {
    let heads = [format!("[{section}]"), format!("[[{section}]]")];
    let is_head = |line: &str| heads.iter().any(|head| line.starts_with(head.as_str()));
    let (head, _) = text.lines().enumerate().filter(|(_, line)| is_head(line.trim())).nth(index)?;
    let Some(key) = key else { return Some(head + 1) };
    let body = text.lines().enumerate().skip(head + 1).take_while(|(_, line)| !line.trim_start().starts_with('['));
    let is_key = |line: &str| line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
    body.into_iter().find(|(_, line)| is_key(line)).map(|(line, _)| line + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuse(text: &str) -> ConfigError {
        parse(&File { name: "genkan.toml".to_owned(), text }).map(|_| ()).expect_err("a refusal")
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_nearest_known_one() {
        let error = refuse("[server]\nlisten = \"127.0.0.1:1\"\npublic_ulr = \"x\"\n");

        assert_eq!(error.to_string(), "server.public_ulr: there is no such key (from genkan.toml line 3); did you mean `public_url`?");
    }

    #[test]
    fn keys_of_the_second_provider_are_found_on_their_own_lines() {
        let error = refuse("[[providers]]\nid = \"a\"\nname = \"A\"\n\n[[providers]]\nid = \"b\"\nnmae = \"B\"\n");

        assert_eq!((error.key.as_str(), error.source_name.as_str()), ("providers.b.nmae", "genkan.toml line 7"));
    }

    #[test]
    fn what_stands_outside_a_known_section_is_refused_with_a_hint() {
        for (text, remedy) in [
            ("[sevrer]\nlisten = \"x\"\n", "did you mean [server]?"),
            ("listen = \"x\"\n", "did you mean `listen` in [server]?"),
            ("[providers]\nid = \"a\"\n", "write [[providers]] with two brackets, and id = \"…\" below"),
            ("log = \"json\"\n", "write [log] and its keys below"),
        ] {
            let error = refuse(text);

            assert_eq!((error.remedy.as_str(), error.source_name.as_str()), (remedy, "genkan.toml line 1"), "{text}");
        }
    }

    #[test]
    fn dp_05_a_syntax_error_tells_the_line_and_quotes_nothing_of_it() {
        let error = refuse("[server]\nsecret = \"hunter2 hunter2\nlisten = 1\n");

        assert_eq!(error.source_name, "genkan.toml line 2");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
