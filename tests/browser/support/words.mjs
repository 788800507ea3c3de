// What a person reads, as written down here once more: a text that is lost or swapped shows.

/** The headline of each category's flash; the provider is the lab. */
export const HEADLINES = {
  en: {
    user_cancelled: /^Cancelled\. Nothing has changed/,
    browser_environment: /^Something got lost on the way/,
    idp_outage: /^Lab is having trouble/,
    other: /^Sorry, that did not work/,
  },
  ja: {
    user_cancelled: /^中止しました。何も変わっていません/,
    browser_environment: /^途中で情報が失われました/,
    idp_outage: /^Labに問題が起きています/,
    other: /^申し訳ありません。うまくいきませんでした/,
  },
};

/** How loudly each category is logged. */
export const LEVELS = { user_cancelled: 'debug', browser_environment: 'info', idp_outage: 'warn', other: 'error' };

/** The heading of each page. */
export const HEADINGS = {
  en: { '/login': 'Sign in', '/register': 'Make an account', '/nothing-here': 'There is nothing here' },
  ja: { '/login': 'サインイン', '/register': 'アカウントを作成', '/nothing-here': 'ここには何もありません' },
};
