//! Reads `GENKAN_<SECTION>__<KEY>` and `GENKAN_PROVIDERS__<ID>__<KEY>`.

use figment::providers::{Format as _, Toml};
use figment::value::Value;
use figment::{Profile, Provider as _};

use super::ConfigError;
use super::schema::{self, Key, Kind};
use super::settings::{Setting, Settings, Table};

/// What every variable of ours begins with.
const PREFIX: &str = "GENKAN_";

/// Returns the variables of this process that are ours; a value that is no text is replaced as well as can be.
pub(super) fn variables() -> Vec<(String, String)> {
    let text =
        |(name, value): (std::ffi::OsString, std::ffi::OsString)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned()));
    std::env::vars_os().filter_map(text).filter(|(name, _)| name.starts_with(PREFIX)).collect()
}

/// Lays variables over what the file said.
///
/// # Errors
///
/// [`ConfigError`] for a variable that belongs to no key.
pub(super) fn apply(settings: &mut Settings, mut variables: Vec<(String, String)>) -> Result<(), ConfigError> {
    variables.sort();
    for (variable, value) in variables {
        let Some(path) = variable.strip_prefix(PREFIX) else { continue };
        let parts: Vec<&str> = path.split("__").collect();
        match parts[..] {
            ["PROVIDERS", id, name] if !id.is_empty() => apply_to_provider(settings, &variable, (id, name), &value)?,
            [section, name] if section != "PROVIDERS" => {
                let key = find(&variable, &section.to_lowercase(), name)?;
                let table = settings.sections.entry(key.section).or_insert_with(|| Table { origin: variable.clone(), ..Table::default() });
                table.keys.insert(key.name.to_owned(), Setting { value: read(key, &value), origin: variable });
            }
            _ => return Err(unknown(&variable, "", path)),
        }
    }
    Ok(())
}

/// Overrides a key of the provider whose name this is, or begins another provider.
fn apply_to_provider(settings: &mut Settings, variable: &str, (id, name): (&str, &str), value: &str) -> Result<(), ConfigError> {
    let key = find(variable, "providers", name)?;
    if key.name == "id" {
        let remedy = format!("leave it out: {PREFIX}PROVIDERS__{id}__… names the provider already");
        return Err(ConfigError::new("providers.id", variable, "the id cannot be set by a variable", remedy));
    }
    let index = settings.providers.iter().position(|(known, _)| spell(known) == id).unwrap_or_else(|| {
        settings.providers.push(begin_provider(id, variable));
        settings.providers.len() - 1
    });
    settings.providers[index].1.keys.insert(key.name.to_owned(), Setting { value: read(key, value), origin: variable.to_owned() });
    Ok(())
}

fn begin_provider(id: &str, variable: &str) -> (String, Table) {
    let id = id.to_lowercase();
    let mut table = Table { origin: variable.to_owned(), ..Table::default() };
    table.keys.insert("id".to_owned(), Setting { value: id.as_str().into(), origin: variable.to_owned() });
    (id, table)
}

/// Returns a provider's name as it stands in a variable.
pub(super) fn spell(id: &str) -> String {
    id.to_uppercase().replace('-', "_")
}

fn find(variable: &str, section: &str, name: &str) -> Result<&'static Key, ConfigError> {
    let name = name.to_lowercase();
    schema::find(section, &name).ok_or_else(|| unknown(variable, section, &name))
}

fn unknown(variable: &str, section: &str, name: &str) -> ConfigError {
    let meant = if section.is_empty() { guess(name) } else { schema::nearest(section, name) };
    let remedy = match meant {
        Some(key) if key.section == "providers" => format!("did you mean {PREFIX}PROVIDERS__<ID>__{}?", key.name.to_uppercase()),
        Some(key) => format!("did you mean {PREFIX}{}__{}?", key.section.to_uppercase(), key.name.to_uppercase()),
        None => {
            format!("variables are named {PREFIX}<SECTION>__<KEY>, as in {PREFIX}SERVER__LISTEN; unset it if it is not meant for genkan")
        }
    };
    let key = if section.is_empty() { name.to_lowercase() } else { format!("{section}.{name}") };
    ConfigError::new(key, variable, "this variable sets no known key", remedy)
}

/// Guesses the key behind a name without a section, such as `PUBLIC_URL` or `SERVER_PUBLIC_URL`.
fn guess(path: &str) -> Option<&'static Key> {
    let path = path.to_lowercase().replace("__", "_");
    let distance = |key: &Key| {
        let whole = strsim::damerau_levenshtein(&path, &format!("{}_{}", key.section, key.name));
        whole.min(strsim::damerau_levenshtein(&path, key.name))
    };
    schema::KEYS.iter().min_by_key(|key| distance(key)).filter(|key| distance(key) <= 2)
}

/// Reads a variable as what its key takes; what does not fit stays text and is refused later.
fn read(key: &Key, text: &str) -> Value {
    match key.kind {
        Kind::Number(..) => text.trim().parse::<u64>().map_or_else(|_| text.into(), Value::from),
        Kind::Flag => text.trim().parse::<bool>().map_or_else(|_| text.into(), Value::from),
        Kind::Texts | Kind::Networks => read_list(text),
        Kind::Text | Kind::Secret | Kind::Path | Kind::Url | Kind::Listen | Kind::Choice(_) => text.into(),
    }
}

/// Reads `["a", "b"]` or `a, b`.
fn read_list(text: &str) -> Value {
    if !text.trim_start().starts_with('[') {
        let items: Vec<&str> = text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
        return items.as_slice().into();
    }
    let parsed = Toml::string(&format!("list = {text}")).data().ok();
    let list = parsed.and_then(|mut profiles| profiles.remove(&Profile::Default)).and_then(|mut dict| dict.remove("list"));
    list.unwrap_or_else(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuse(variable: &str) -> ConfigError {
        apply(&mut Settings::default(), vec![(variable.to_owned(), "hunter2".to_owned())]).expect_err("a refusal")
    }

    #[test]
    fn lists_are_read_as_toml_or_with_commas() {
        let key = schema::find("signin", "allowed_email_domains").expect("a key");

        for text in ["[\"a.example\", \"b.example\"]", "a.example, b.example", "a.example,b.example,"] {
            let list = read(key, text);

            let items: Option<Vec<_>> = list.as_array().map(|items| items.iter().filter_map(Value::as_str).collect());
            assert_eq!(items, Some(vec!["a.example", "b.example"]), "{text}");
        }
    }

    #[test]
    fn dp_05_a_variable_that_sets_nothing_is_refused_with_a_hint_and_without_its_value() {
        for (variable, hint) in [
            ("GENKAN_SERVER__PUBLICURL", "did you mean GENKAN_SERVER__PUBLIC_URL?"),
            ("GENKAN_SEVER__LISTEN", "did you mean GENKAN_SERVER__LISTEN?"),
            ("GENKAN_PUBLIC_URL", "did you mean GENKAN_SERVER__PUBLIC_URL?"),
            ("GENKAN_DATABASE_URL", "did you mean GENKAN_DATABASE__URL?"),
            ("GENKAN_PROVIDERS__LAB__CLIENTID", "did you mean GENKAN_PROVIDERS__<ID>__CLIENT_ID?"),
            ("GENKAN_PROVIDERS__CLIENT_ID", "did you mean GENKAN_PROVIDERS__<ID>__CLIENT_ID?"),
            ("GENKAN_WEATHER", "variables are named GENKAN_<SECTION>__<KEY>"),
        ] {
            let error = refuse(variable);

            assert_eq!(error.source_name, variable);
            assert!(error.remedy.starts_with(hint), "{variable}: {error}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}
