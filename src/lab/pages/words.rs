//! The texts of the mailbox and of the application.

use super::text;
use crate::lab::language::Text;

/// The texts of the mailbox.
pub(super) struct MailWords;

impl MailWords {
    /// Tells an address of a page from a word, and from the address of a site, which leads nowhere in particular.
    pub(super) fn is_link(word: &str) -> bool {
        url::Url::parse(word).is_ok_and(|url| url.scheme().starts_with("http") && url.path() != "/")
    }

    pub(super) const TITLE: Text = text("Everybody's mailbox", "みんなの郵便受け");
    pub(super) const LINK: Text = text("Read the letters that the site sends", "サイトが送る手紙を読む");
    pub(super) const ABOUT: Text = text(
        "What the site mails to anybody stands here, newest first, and goes nowhere else.",
        "サイトが送るメールは、宛先にかかわらずここに新しい順で届きます。ほかへは送られません。",
    );
    pub(super) const EMPTY: Text = text("No letter has come yet.", "まだ届いていません。");
}

/// The texts of the application's page.
pub(super) struct ApplicationWords;

impl ApplicationWords {
    pub(super) const TITLE: Text = text("The lab's application", "ラボのアプリケーション");
    pub(super) const ABOUT: Text = text(
        "Not a provider this time, but the other side: an application that signs people in with",
        "こちらはプロバイダーではなく、次のサイトを使って利用者をサインインさせるアプリケーションです。",
    );
    pub(super) const LINK: Text = text("Sign in to an application with the site", "サイトを使ってアプリケーションにサインインする");
    pub(super) const SIGN_IN: Text = text("Sign in", "サインイン");
    pub(super) const HAPPENED: Text = text("What happened", "起きたこと");
    pub(super) const GOOD: Text = text("fine", "成功");
    pub(super) const BAD: Text = text("refused", "拒否");
    pub(super) const AWAY: Text = text("Your browser has not come back.", "ブラウザーはまだ戻っていません。");
    pub(super) const MISTAKES: Text = text("Or make a mistake", "または、わざと間違える");
    pub(super) const MISTAKES_NOTE: Text = text(
        "The ones that developers make. See what the site answers, what its log says, and what it tells the owner of the application on its page.",
        "開発でよくある間違いです。サイトの応答とログ、そしてアプリケーションのページで所有者に示される説明をご覧ください。",
    );
}
