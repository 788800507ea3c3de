//! The keys of a Fluent file, readable while the crate is compiled.
//!
//! Our files are plain: a message begins a line with its key, a lower-case letter
//! first; whatever continues it is indented. So no parser is needed.

/// Tells whether two files hold the same keys in the same order.
pub const fn are_the_same(one: &[u8], other: &[u8]) -> bool {
    let (mut i, mut j) = (next(one, 0), next(other, 0));
    while i < one.len() && j < other.len() {
        while i < one.len() && j < other.len() && one[i] == other[j] && one[i] != b' ' {
            i += 1;
            j += 1;
        }
        if i == one.len() || j == other.len() || one[i] != other[j] {
            return false;
        }
        (i, j) = (next(one, i), next(other, j));
    }
    i == one.len() && j == other.len()
}

/// Finds where the first key at or after `at` begins; the length if there is none.
const fn next(text: &[u8], mut at: usize) -> usize {
    while at < text.len() {
        let is_line_start = at == 0 || text[at - 1] == b'\n';
        if is_line_start && text[at].is_ascii_lowercase() {
            return at;
        }
        at += 1;
    }
    at
}

/// Lists the keys of a file.
pub fn list(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())).filter_map(|line| line.split(' ').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_with_the_same_keys_in_the_same_order_are_told_from_others() {
        let one = b"# note\na = A\nb =\n    long\nc = C\n";
        for (other, is_same) in [
            (&b"a = 1\nb = 2\n\n## more\nc = 3"[..], true),
            (b"a = 1\nc = 3\nb = 2\n", false),
            (b"a = 1\nb = 2\n", false),
            (b"a = 1\nb = 2\nc = 3\nd = 4\n", false),
            (b"a = 1\nbb = 2\nc = 3\n", false),
            (b"", false),
        ] {
            assert_eq!(are_the_same(one, other), is_same, "{:?}", std::str::from_utf8(other));
        }
    }

    #[test]
    fn comments_and_continued_lines_are_no_keys() {
        assert_eq!(list("# note\na-b = A\nc_d =\n    long = er\n").collect::<Vec<_>>(), ["a-b", "c_d"]);
    }
}
