//! Browsers that somebody has signed in with before.
//!
//! Such a browser carries a sealed cookie: an identifier of its own, and tags of the
//! accounts that signed in there. It grants nothing. It decides two things: whether
//! the owner is told of a new browser (security.md SI-11), and which counter a wrong
//! password fills. Known browsers have counters of their own, so strangers who fill
//! an account's cannot keep its owner out (security.md SI-07).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Signin;
use crate::domain::ids::UserId;
use crate::random;
use crate::secret::{SealingKey, hmac_sha256};

/// What the seal of the cookie is for.
const CONTEXT: &str = "device";
/// Bytes of the identifier.
const ID_BYTES: usize = 16;
/// Bytes of one tag: enough that no two accounts of one browser meet.
const TAG_BYTES: usize = 12;
/// How many tags are kept; the oldest gives way. An account has two or three.
const MAX_TAGS: usize = 24;

/// A browser that carries our cookie, or is to be given one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    id: [u8; ID_BYTES],
    tags: Vec<[u8; TAG_BYTES]>,
}

impl Device {
    /// Makes a browser that nobody has signed in with.
    pub fn new() -> Self {
        Self { id: random::bytes(), tags: Vec::new() }
    }

    /// Opens the cookie; `None` for anything that we have not sealed.
    pub fn open(key: &SealingKey, cookie: &str) -> Option<Self> {
        let plain = key.open(CONTEXT, cookie)?;
        let (id, tags) = plain.split_first_chunk::<ID_BYTES>()?;
        let tags = tags.chunks_exact(TAG_BYTES).take(MAX_TAGS).filter_map(|tag| tag.try_into().ok()).collect();
        Some(Self { id: *id, tags })
    }

    /// Seals the cookie's value.
    pub fn seal(&self, key: &SealingKey) -> String {
        key.seal(CONTEXT, &[self.id.as_slice(), self.tags.as_flattened()].concat())
    }

    /// Returns the name of this browser's counter.
    pub fn name(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.id)
    }

    fn knows(&self, tag: &[u8; TAG_BYTES]) -> bool {
        self.tags.contains(tag)
    }

    fn learn(&mut self, tag: [u8; TAG_BYTES]) {
        self.tags.retain(|known| *known != tag);
        self.tags.push(tag);
        let surplus = self.tags.len().saturating_sub(MAX_TAGS);
        self.tags.drain(..surplus);
    }
}

impl Default for Device {
    fn default() -> Self {
        Self::new()
    }
}

impl Signin {
    /// Tells whether this user has signed in with this browser.
    pub(crate) fn is_known_to(&self, device: Option<&Device>, user: UserId) -> bool {
        device.is_some_and(|device| device.knows(&self.tag(&format!("user:{user}"))))
    }

    /// Tells whether somebody has signed in with this browser under this name.
    pub(crate) fn is_known_as(&self, device: &Device, account: &str) -> bool {
        device.knows(&self.tag(&format!("account:{account}")))
    }

    /// Returns the browser as it is after this user has signed in.
    pub(crate) fn known_to(&self, device: Option<&Device>, user: UserId) -> Device {
        let mut device = device.cloned().unwrap_or_default();
        device.learn(self.tag(&format!("user:{user}")));
        device
    }

    /// Notes the name that somebody has signed in under.
    pub(crate) fn learn_account(&self, device: &mut Device, account: &str) {
        device.learn(self.tag(&format!("account:{account}")));
    }

    fn tag(&self, what: &str) -> [u8; TAG_BYTES] {
        let hash = hmac_sha256(&self.keyring.throttle, format!("device:{what}").as_bytes());
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&hash[..TAG_BYTES]);
        tag
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_comes_back_as_it_left_and_nothing_else_opens() {
        let (key, other) = (SealingKey::new(&[1; 32]), SealingKey::new(&[2; 32]));
        let mut device = Device::new();
        device.learn([7; TAG_BYTES]);
        let cookie = device.seal(&key);

        assert_eq!(Device::open(&key, &cookie), Some(device));
        assert_eq!(Device::open(&other, &cookie), None);
        for foreign in ["", "x", &key.seal("device", b"short"), &key.seal("other", &[0; 40]), &cookie[1..]] {
            assert_eq!(Device::open(&key, foreign), None, "{foreign}");
        }
    }

    #[test]
    fn se_08_however_many_accounts_sign_in_the_cookie_stays_small() {
        let mut device = Device::new();
        for account in 0..200 {
            device.learn([account; TAG_BYTES]);
        }

        assert!(device.knows(&[199; TAG_BYTES]) && !device.knows(&[0; TAG_BYTES]));
        assert!(device.seal(&SealingKey::new(&[1; 32])).len() < 500);
    }
}
