//! Reads the files that stand for secrets: `<key>_file` for every secret key.

use super::ConfigError;
use super::schema::{self, Kind};
use super::settings::{Setting, Settings};

/// The largest file that is taken for a secret, in bytes.
const MAX_SECRET_BYTES: usize = 64 * 1024;

/// Puts the content of every `<key>_file` in the place of its key.
///
/// # Errors
///
/// [`ConfigError`] if both are set, or the file cannot be read or is empty.
pub(super) fn resolve(settings: &mut Settings) -> Result<(), ConfigError> {
    for (section, label, table) in settings.tables() {
        let secrets = schema::KEYS.iter().filter(|key| key.section == section && key.kind == Kind::Secret);
        for name in secrets.map(|key| key.name) {
            let file_key = format!("{name}_file");
            let Some(file) = table.keys.get(&file_key) else { continue };
            let label = format!("{label}.{file_key}");
            if let Some(direct) = table.keys.get(name) {
                let problem = format!("both {name} (from {}) and {file_key} are set", direct.origin);
                return Err(ConfigError::new(label, &file.origin, problem, "keep one of them"));
            }
            let path = file.value.as_str().expect("the kind was checked");
            let secret = read(path).map_err(|(problem, remedy)| ConfigError::new(label, &file.origin, problem, remedy))?;
            let setting = Setting { value: secret.into(), origin: format!("the file of {file_key}, {}", file.origin) };
            table.keys.insert(name.to_owned(), setting);
        }
    }
    Ok(())
}

/// Reads one secret, without the newline that editors and `echo` leave behind.
fn read(path: &str) -> Result<String, (String, &'static str)> {
    let bytes = std::fs::read(path)
        .map_err(|error| (format!("the file cannot be read: {}", error.kind()), "check the path and who may read it"))?;
    if bytes.len() > MAX_SECRET_BYTES {
        return Err(("the file is too large for a secret".to_owned(), "check the path"));
    }
    let text = String::from_utf8(bytes).map_err(|_| ("the file is no text".to_owned(), "write the secret as text, for example base64"))?;
    let text = text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text));
    if text.trim().is_empty() {
        return Err(("the file is empty".to_owned(), "write the secret into it"));
    }
    Ok(text.to_owned())
}
