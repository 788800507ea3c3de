# 日本語。キーとその順序は en.ftl と同じにすること。違えばビルドが失敗する。

## 枠

skip = 本文へ移動
header-sign-out = サインアウト
language-change = 言語を切り替える
title-fault = ご確認ください
optional = （任意）
back = 戻る
provider-unnamed = 連携先のサービス

## サインイン

signin-title = サインイン
signin-lead = いらっしゃいませ。お好きな方法でお入りください。
signin-identifier = ユーザー名またはメールアドレス
signin-password = パスワード
signin-submit = サインイン
signin-forgot = パスワードをお忘れですか？
signin-new = はじめての方は
signin-register = アカウントを作成
signin-providers-heading = 別の方法でサインイン
provider-continue = { $name }で続ける
provider-troubled = ただいま不調です
again-title = もう一度サインイン
again-lead = { $name }さんとしてサインイン中です。大切な変更の前に、ご本人であることを確かめさせてください。

## 登録

signup-title = アカウントを作成
signup-lead = 少しご記入いただくだけで始められます。
signup-name = お名前
signup-name-hint = 画面に表示するお名前です。
signup-username = ユーザー名
signup-username-hint = サインインに使います。半角の英数字と . _ - が使えます。
signup-email = メールアドレス
signup-password = パスワード
signup-submit = アカウントを作成
signup-have = アカウントをお持ちの方は
signup-providers-heading = パスワードなしで始める
signup-closed-title = ご登録は招待制です
signup-closed-text = 招待のない方のご登録は受け付けていないか、お使いの招待リンクの期限が切れています。招待してくれた方に、新しいリンクをご依頼ください。
password-hint = { $min }文字以上。いくつかの単語をつなげると、覚えやすく安全です。

## アカウント

account-title = アカウント
account-operator = 運営者
account-profile-heading = お名前とメールアドレス
account-profile-submit = 保存
account-password-heading = パスワード
account-password-add-heading = パスワードを追加
account-password-add-lead = いまはパスワードなしでサインインしています。追加しておくと、入り口がもう一つ増えます。
account-password-lead = ユーザー名は{ $name }です。パスワードを変更すると、ほかのブラウザーからはサインアウトされます。
account-password-current = 現在のパスワード
account-password-new = 新しいパスワード
account-password-change-submit = パスワードを変更
account-password-add-submit = パスワードを追加
account-ways-heading = サインイン方法
account-ways-lead = 連携したサービスからもサインインできます。外すと、その方法で入っているほかのブラウザーからはサインアウトされます。
account-way-since = { $date }に連携
account-way-last = 唯一のサインイン方法のため、外せません。
account-way-unlinked = 連携していません
account-way-add = 連携する
account-way-add-label = 連携する：{ $name }
account-way-remove = 外す
account-way-remove-label = 外す：{ $name }
account-sessions-heading = サインイン中のブラウザー
account-session-current = このブラウザー
account-session-password = パスワード
account-session-method = { $name }
account-session-since = { $date }から
account-session-seen = 最終利用 { $date }
account-session-end = サインアウトさせる
account-session-end-label = サインアウトさせる：{ $name }
account-sessions-end-others = ほかをすべてサインアウト

## 連携先との行き来

interstitial-title = { $name }で続ける
interstitial-lead = これから{ $name }へ移動し、すぐにこちらへ戻ってきます。
interstitial-learns = { $name }からは、お名前と、同意された場合はメールアドレスを受け取ります。
interstitial-password = { $name }のパスワードがこちらに伝わることはありません。
interstitial-link = 終わると、こちらのアカウントに{ $name }でもサインインできるようになります。
in-app = ほかのアプリの中のブラウザーで開いているようです。サインインできないことが多いため、アプリのメニューなどから、いつものブラウザーでこのページを開くことをおすすめします。
interstitial-back = 別の方法を選ぶ
bounce-title = あと少しです
bounce-lead = { $name }から戻ってきました。ボタンを押すと、サインインが完了します。
bounce-submit = 完了する

## このブラウザーでCookieが使えるか

cookies-title = Cookieの確認
cookies-kept = このサイトのCookieは、お使いのブラウザーに保存されています。
cookies-kept-hint = サインインに問題はないはずです。先ほどうまくいかなかった場合は、別のウィンドウや別のブラウザーで戻ってきた可能性があります。もう一度始めて、最後までこのブラウザーで進めてください。
cookies-refused = このサイトのCookieが、お使いのブラウザーに保存されていません。
cookies-refused-hint = サインインの途中で戻ってきた方を見分けるために、Cookieが必要です。次の点をご確認のうえ、もう一度お試しください。
cookies-check-settings = ブラウザーの設定で、Cookie（少なくともこのサイトのもの）を許可してください。
cookies-check-extensions = 拡張機能やプライバシー保護ツールで、このサイトを例外にしてください。
cookies-check-app = アプリの中のブラウザーをお使いの場合は、いつものブラウザーでこのページを開いてください。
cookies-again = もう一度確かめる

## パスワードの再設定

forgot-title = パスワードをお忘れですか？
forgot-lead = このサイトはメールをお送りしていません。運営者にご連絡いただくと、新しいパスワードを設定するためのリンクをお渡しできます。
forgot-other = ほかのサインイン方法を連携している場合は、そちらで入ってから、新しいパスワードを設定できます。
reset-title = 新しいパスワードを設定
reset-lead = 設定するとすべてのブラウザーからサインアウトされます。新しいパスワードでサインインしてください。
reset-password = 新しいパスワード
reset-submit = パスワードを設定
reset-invalid-title = このリンクはもう使えません
reset-invalid-text = リンクが使えるのは一度だけで、期限もあります。「パスワードをお忘れですか？」から、新しいリンクをお申し込みください。
reset-to-signin = サインインへ

## フォームの確認

fault-summary = 次の点をご確認ください。
fault-credentials = ユーザー名とパスワードの組み合わせが違います。Caps Lockがオンになっていないかもご確認ください。
fault-throttled = 試行回数が多すぎます。{ $minutes }分ほど待ってから、もう一度お試しください。
fault-busy = ただいまサインインが混み合っています。数秒待ってから、もう一度お試しください。
fault-not-fresh = ご本人であることを確かめるため、この変更の前にもう一度サインインしてください。
fault-not-fresh-link = もう一度サインイン
fault-name-empty = お名前を入力してください。
fault-name-too-long = お名前が長すぎます。100文字までにしてください。
fault-name-forbidden = お名前に、目に見えない文字や制御文字が含まれています。入力し直してください。
fault-username-empty = ユーザー名を入力してください。
fault-username-too-long = ユーザー名が長すぎます。64文字までにしてください。
fault-username-forbidden = ユーザー名に使えるのは半角の英数字と . _ - だけで、最初は英字か数字です。
fault-username-taken = このユーザー名はすでに使われています。別のものにしてください。
fault-email-missing = メールアドレスを入力してください。
fault-email-too-long = メールアドレスが長すぎます。
fault-email-malformed = メールアドレスの形になっていません。例：hanako@example.com
fault-email-domain = このドメインのメールアドレスは、ここでは使えません。
fault-email-taken = このメールアドレスのアカウントがすでにあります。サインインするか、別のアドレスをお使いください。
fault-password-too-short = パスワードが短すぎます。{ $min }文字以上にしてください。
fault-password-too-long = パスワードが長すぎます。128文字までにしてください。
fault-password-too-common = よく使われる、最初に試されやすいパスワードです。別のものにしてください。
fault-password-too-personal = お名前やアドレスなど、推測されやすい言葉でできています。別のものにしてください。
fault-password-wrong = 現在のパスワードと違います。

## うまくいったこと

notice-signed-out = サインアウトしました。またお越しください。
notice-welcome = ようこそ。アカウントができました。
notice-profile-saved = 保存しました。
notice-password-changed = パスワードを変更しました。ほかのブラウザーからはサインアウトされています。
notice-password-added = パスワードを設定しました。これからはパスワードでもサインインできます。
notice-password-reset = 新しいパスワードを設定しました。そのままサインインしてください。
notice-linked = 連携しました。これからはこの方法でもサインインできます。
notice-unlinked = 連携を外しました。今後この方法ではサインインできません。
notice-session-ended = そのブラウザーからサインアウトしました。
notice-sessions-ended = ほかのすべてのブラウザーからサインアウトしました。

## エラーページ

error-reference = 照会番号
error-home = 入り口へ
error-bad-request-title = うまく届きませんでした
error-bad-request-text = ブラウザーから届いた内容を読み取れませんでした。前のページに戻って、もう一度お試しください。
error-forbidden-title = このフォームは期限切れです
error-forbidden-text = ページを長く開いたままだったか、別のサイトから送られた可能性があります。前のページに戻り、再読み込みしてからお試しください。
error-not-found-title = ここには何もありません
error-not-found-text = アドレスが間違っているか、ページがなくなったようです。
error-method-title = このページは直接開けません
error-method-text = フォームからだけ進めるページを再読み込みされたようです。入り口からやり直してください。
error-too-large-title = 一度に送る量が多すぎます
error-too-large-text = 受け付けられる大きさを超えています。短くしてからお試しください。
error-throttled-title = 少しお待ちください
error-throttled-text = 短い時間に多くのアクセスがありました。しばらく待ってから、もう一度お試しください。
error-busy-title = ただいま混み合っています
error-busy-text = こちらの都合でご迷惑をおかけします。数秒待ってから、もう一度お試しください。
error-internal-title = 申し訳ありません。問題が起きました
error-internal-text = こちら側の問題で、お客さまのせいではありません。時間をおいてお試しください。続くようでしたら、下の照会番号を運営者にお知らせください。

## サインインの失敗：分類ごとの見出し、対処、原因ごとの説明

flash-user_cancelled-title = 中止しました。何も変わっていません
flash-browser_environment-title = 途中で情報が失われました
flash-idp_outage-title = { $provider }に問題が起きています
flash-other-title = 申し訳ありません。うまくいきませんでした
flash-reference = 照会番号
flash-cookies = このブラウザーでCookieが使えるか確かめる
flash-retry = { $provider }でもう一度試す
remedy-cancelled = 同じ方法でも別の方法でも、いつでもやり直せます。
remedy-retry = このページからもう一度お試しください。
remedy-retry-one-browser = Cookieを許可した普段お使いのブラウザーで（アプリ内のブラウザーは避けて）もう一度始め、戻ってくるまで同じウィンドウのまま進めてください。
remedy-wait = 数分待ってから、もう一度お試しください。
remedy-outage = お客さまのせいではありません。数分待ってから、もう一度お試しください。
remedy-outage-other-ways = お客さまのせいではありません。数分待つか、下にある別の方法をお使いください。
remedy-link = 下からサインインするとアカウントのページが開き、そこで連携できます。
remedy-contact-support = お困りの場合は、照会番号を運営者にお知らせください。
remedy-none = 何もしていただく必要はありません。

cause-consent_denied = { $provider }での手続きを取りやめました。
cause-consent_partial = このサイトに必要な許可の一部が{ $provider }で得られなかったため、そこで止めました。
cause-access_revoked = { $provider }で、このサイトのアクセス許可が取り消されています。

cause-cookie_missing = サインインの続きに必要なCookieがブラウザーから届きませんでした。Cookieがブロックされているか、始めたときと別のブラウザーで戻ってきた可能性があります。
cause-form_expired = ページを長く開いたままだったか、ブラウザーに残っていた古いページだったため、フォームが期限切れになりました。
cause-state_missing = どのサインインへの返答かを示す情報が、戻ってくるまでに失われました。
cause-state_unknown = このブラウザーで始めたサインインへの返答ではありません。古いタブやリンク、別のブラウザーから開いた可能性があります。
cause-attempt_expired = 始めてから時間がたちすぎたため、このサインインは期限切れになりました。
cause-attempt_repeated = この返答はすでに使われています。再読み込みや「戻る」、リンクを二度開いたことが考えられます。
cause-query_missing = 返答の内容が届きませんでした。アプリや拡張機能、ブックマークによって途中で切れた可能性があります。
cause-query_malformed = 返答が、ブラウザーを通る途中で壊れてしまいました。
cause-code_missing = 返答の一部が、ブラウザーを通る途中で欠けてしまいました。
cause-code_unusable = { $provider }からの返答が、使用済みか期限切れでした。
cause-auto_login_failed = この端末では、{ $provider }に自動でサインインできませんでした。もう一度始めると、サインインの画面が表示されます。
cause-link_session_changed = 手続きの間に、こちらでサインアウトしたか、別の方がサインインしました。連携は行っていません。

cause-authorization_server_error = { $provider }の側でエラーが起きました。
cause-authorization_unavailable = { $provider }は、いまサインインを受け付けていません。
cause-token_unreachable = サインインの仕上げの途中で、{ $provider }につながりませんでした。
cause-token_timeout = サインインの仕上げの途中で、{ $provider }から時間内に応答がありませんでした。
cause-token_connection_lost = サインインが終わる前に、{ $provider }との接続が切れました。
cause-token_server_error = サインインの仕上げの途中で、{ $provider }の側でエラーが起きました。
cause-token_rate_limited = { $provider }が混み合っていて、サインインを受け付けてもらえませんでした。
cause-token_unreadable = サインインの仕上げの途中で、{ $provider }から読み取れない応答が返ってきました。
cause-profile_unreachable = どなたかを確かめるところで、{ $provider }につながりませんでした。
cause-profile_timeout = どなたかを確かめるところで、{ $provider }から時間内に応答がありませんでした。
cause-profile_connection_lost = どなたかを確かめる途中で、{ $provider }との接続が切れました。
cause-profile_server_error = どなたかを確かめるところで、{ $provider }の側でエラーが起きました。
cause-profile_rate_limited = { $provider }が混み合っていて、どなたかを確かめられませんでした。
cause-profile_unreadable = どなたかを確かめるところで、{ $provider }から読み取れない応答が返ってきました。
cause-discovery_unreachable = サインインを始めようとしましたが、{ $provider }につながりませんでした。
cause-discovery_timeout = サインインを始めようとしましたが、{ $provider }から時間内に応答がありませんでした。
cause-discovery_unreadable = サインインを始めようとしましたが、{ $provider }から読み取れない応答が返ってきました。
cause-keys_unreachable = 返答を確かめるための鍵を受け取ろうとしましたが、{ $provider }につながりませんでした。
cause-keys_timeout = 返答を確かめるための鍵が、{ $provider }から時間内に届きませんでした。
cause-keys_unreadable = { $provider }の鍵が読み取れず、返答を確かめられませんでした。

cause-cross_site_request = 別のサイトから送られたため、安全のため何も行いませんでした。
cause-parameter_repeated = 正しい返答にはない重複が含まれていたため、安全のため受け付けませんでした。
cause-parameter_too_long = 返答が正しいものとは思えない大きさだったため、安全のため受け付けませんでした。
cause-state_of_other_provider = 返答は{ $provider }から届きましたが、始めたのは別のサービスでした。安全のため受け付けませんでした。
cause-issuer_mismatch = 返答に{ $provider }以外の名前が記されていたため、安全のため受け付けませんでした。
cause-issuer_missing = 返答が{ $provider }からのものだと確かめられなかったため、安全のため受け付けませんでした。
cause-nonce_missing = { $provider }からの証明が、どのサインインのためのものか分からないため、安全のため受け付けませんでした。
cause-nonce_mismatch = { $provider }からの証明が別のサインインのためのものだったため、安全のため受け付けませんでした。
cause-id_token_signature_invalid = 証明の署名が{ $provider }のものではなかったため、安全のため受け付けませんでした。
cause-id_token_issuer_mismatch = 証明の発行元が{ $provider }ではなかったため、安全のため受け付けませんでした。
cause-id_token_audience_mismatch = { $provider }からの証明が別のサイト宛てだったため、安全のため受け付けませんでした。
cause-id_token_hash_mismatch = { $provider }からの返答の中身が互いに合わなかったため、安全のため受け付けませんでした。
cause-subject_mismatch = { $provider }からの情報が二人の別の方を指していたため、安全のため受け付けませんでした。

cause-provider_unknown = このサインイン方法はここにはないか、なくなりました。古いリンクから来られたのかもしれません。
cause-response_contradictory = { $provider }から許可と拒否が同時に届いたため、中断しました。
cause-authorization_refused = { $provider }がこちらの依頼を受け付けませんでした。おそらく、こちら側の誤りです。
cause-interaction_required = { $provider }での手続きが残っているようです。先に{ $provider }へサインインしてから、お戻りください。
cause-client_refused = { $provider }に、このサイトを認めてもらえませんでした。こちら側の誤りで、お客さまのせいではありません。
cause-verifier_refused = ここで始めたサインインだと{ $provider }に認めてもらえませんでした。こちら側の誤りで、お客さまのせいではありません。
cause-token_refused = { $provider }がサインインの仕上げを断りました。おそらく、こちら側の誤りです。
cause-token_malformed = { $provider }からの返答に、サインインに必要なものが欠けていました。
cause-id_token_missing = { $provider }からの返答に、ご本人であるという証明がありませんでした。
cause-id_token_malformed = { $provider }からの証明が、こちらで確かめられる形ではありませんでした。
cause-id_token_algorithm_unexpected = { $provider }からの証明の署名方式が、取り決めと違っていました。
cause-id_token_key_unknown = { $provider }からの証明が、公開されていない鍵で署名されていました。
cause-id_token_expired = { $provider }からの証明が、届いた時点で期限切れでした。互いの時計がずれているようです。
cause-id_token_from_future = { $provider }からの証明の日時が未来になっていました。互いの時計がずれているようです。
cause-subject_missing = { $provider }から、どなたであるかの情報が届きませんでした。
cause-profile_token_refused = { $provider }の許可は得られましたが、どなたであるかを教えてもらえませんでした。多くの場合、もう一度試すとうまくいきます。
cause-profile_refused = { $provider }に、どなたであるかを教えてもらえませんでした。おそらく、こちら側の誤りです。
cause-profile_malformed = { $provider }から届いた情報が、こちらで確かめられる形ではありませんでした。
cause-discovery_refused = { $provider }があるはずの場所に、何も見つかりませんでした。こちら側の誤りで、お客さまのせいではありません。
cause-discovery_invalid = { $provider }の案内がこちらの設定と合わないため、お送りするのを控えました。
cause-keys_refused = { $provider }の鍵があるはずの場所になく、返答を確かめられませんでした。
cause-certificate_untrusted = 接続先が本当に{ $provider }か確かめられなかったため、中断しました。
cause-answer_too_large = { $provider }からの応答が大きすぎて、受け取れませんでした。
cause-answer_unexpected = { $provider }から、思いがけない形の応答が返ってきました。

cause-signup_closed = お使いのアカウントはまだここに登録がなく、新しいご登録は招待制です。
cause-user_disabled = このアカウントは、運営者によって停止されています。
cause-access_not_permitted = お使いの{ $provider }アカウントには、このサイトの利用が許可されていません。心当たりがない場合は、そのアカウントの管理者にお問い合わせください。
cause-domain_not_allowed = お使いのドメインのメールアドレスは、ここでは使えません。{ $provider }に別のアカウントがあれば、そちらをお使いください。
cause-email_missing = このサイトにはメールアドレスが必要ですが、{ $provider }から届きませんでした。次は{ $provider }で許可してください。
cause-email_unverified = メールアドレスが、{ $provider }でまだ確認されていません。{ $provider }で確認してから、もう一度始めてください。
cause-email_taken = 同じメールアドレスのアカウントがすでにあります。これまでの方法でサインインしてから、{ $provider }を連携してください。
cause-identity_taken = この{ $provider }アカウントは、ここでは別の利用者に連携されています。そのままサインインするか、先にそちらの連携を外してください。
cause-last_way_in = サインイン方法がこれしかないため、外せません。先に別の方法を追加してください。
cause-store_unavailable = こちらのデータベースが応答していません。こちら側の問題で、お客さまのせいではありません。
cause-internal = こちら側で、起こるはずのない問題が起きました。

## 稼働状況

status-title = サインイン状況
status-all-well = すべての方法でサインインできます。
status-some-trouble = ただいま一部のサインイン方法が不調です。ほかの方法はご利用いただけます。
status-away = ただいまサインインできません。当方のデータベースが応答していません。お客様の操作に問題はありません。
status-password = ユーザー名とパスワード
status-works = 利用できます
status-troubled = 不調です
status-since = { $time }から
status-past-heading = 過去30日間の障害
status-past-none = ありません。
status-going-on = 継続中
status-entry = { $name }に障害がありました
status-updated = { $time }現在
status-feed = Atomフィード
status-link = サインイン状況を見る
status-provider = ただいま{ $name }が不調です。お試しいただけますが、別の方法のほうが確実にサインインできます。
## The issuer: consent, devices, signing out for applications

application-waits = { $name }のためのサインインです。
application-return = サインインせずに{ $name }へ戻る
consent-title = { $name }の利用を許可しますか？
consent-place = 許可すると{ $place }へ移動し、このアプリケーションは次のことができるようになります。
consent-as = { $name }さんとしてサインインしています。
consent-switch = 別のアカウントを使う
consent-unverified = { $name }の提供元は、このサイトではまだ確認されていません。信頼できるとわかっている場合にだけ許可してください。
consent-new = 新規
consent-days = 許可は最長{ $days }日間有効です。
consent-signed-in = 許可は、ここにサインインしている間だけ有効です。
consent-minutes = 許可は{ $minutes }分間有効です。
consent-revocable = 許可はアカウントのページでいつでも取り消せます。
consent-policy = データの取り扱いについて
consent-terms = 利用規約
consent-allow = 許可する
consent-deny = 許可しない
scope-openid = 次回も、ご本人だとわかる
scope-profile = お名前とユーザー名を見る
scope-email = メールアドレスを見る
scope-offline = 不在の間も、上記を行う
scope-own = お客さまに代わって使う権限：
form-post-title = { $name }へ進みます
form-post-lead = { $name }へ移動します。画面が変わらないときは、ボタンを押してください。
form-post-submit = 進む
device-title = 機器をつなぐ
device-lead = お手元の機器に表示されているコードを入力してください。
device-code = コード
device-hint = WDJB-MJHTのような、英字8文字です。
device-submit = 進む
device-ask = 許可すると、この機器は次のことができるようになります。
device-compare = お手元の機器に、いまこのコードが表示されている場合にだけ進んでください。
device-allow = 自分の機器なので許可する
device-deny = 許可しない
device-allowed-title = 機器がつながりました
device-allowed-text = 機器の画面にお戻りください。数秒で切り替わります。
device-denied-title = 接続しませんでした
device-denied-text = 許可されなかったことを機器に伝えました。お心当たりのない接続だった場合も、ほかに必要な操作はありません。
fault-device-code = このコードで待っている機器はありません。一文字ずつ確かめてください。コードは数分間だけ有効です。
logout-title = サインアウトの確認
logout-by = { $name }が、ここからもサインアウトすることを求めています。
logout-lead = アプリケーションが、ここからもサインアウトすることを求めています。
logout-stay = サインインしたままにする
lost-title = アプリケーションからの案内に誤りがあります
lost-unreadable = 送られてきた内容を読み取れませんでした。アプリケーションに戻って、もう一度お試しください。繰り返し起きる場合は、アプリケーションの提供元にお知らせください。
lost-client = ここへ案内したアプリケーションは登録されていません。アプリケーションには何も送っていません。
lost-disabled = ここへ案内したアプリケーションは、このサイトの運営者によって停止されています。アプリケーションには何も送っていません。
lost-address = アプリケーションが、登録されていないアドレスへの返答を求めています。安全のため、何も送っていません。このアプリケーションを開発している方は、このサイトの「アプリケーション」で、アドレスのどこが違うかを確認できます。
lost-gone-title = このサインインは終了しています
lost-gone = すでに完了したか、時間がかかりすぎました。アプリケーションに戻って、もう一度お試しください。
account-consents-heading = アプリケーション
account-consent-since = { $date }に許可
account-consent-revoke = 取り消す
account-consent-revoke-label = { $name }への許可を取り消す
notice-consent-revoked = 許可を取り消しました。このアプリケーションは、もうお客さまの代わりに何もできません。

# Applications of people

applications-title = アプリケーション
applications-lead = このサイトでのサインインを利用するプログラムや、ここでトークンを取得するプログラムです。
applications-empty = 登録されたアプリケーションはまだありません。
applications-new = アプリケーションを登録
applications-full = 登録できる数の上限に達しています。不要なものを削除するか、このサイトの運営者にお問い合わせください。
application-since = { $date } に登録
application-verified = 確認済み
application-disabled = 停止中
application-disabled-lead = このアプリケーションは、サイトの運営者によって停止されています。トークンは発行されません。
application-unverified-lead = このアプリケーションの提供元はまだ確認されていません。許可を求める画面にもその旨が表示されます。
application-back = アプリケーションの一覧へ
application-back-account = アカウントに戻る
application-new-title = アプリケーションの登録
application-new-lead = 名前、種類、アドレスだけで登録できます。そのほかは、現在の標準が勧める設定になっています。
application-create = 登録する
application-save = 保存する
application-name = 名前
application-name-hint = サインインの許可を求める画面に表示されます。
application-kind = 動作する場所
application-kind-web = サーバー（秘密の値を安全に保管できます）
application-kind-native = 利用者の端末で動くプログラム
application-kind-spa = ブラウザーで動くスクリプト
application-redirects = リダイレクト先のアドレス
application-redirects-hint = 1行に1つ、https で始まるものを入力してください。一字一句そのまま照合されます。端末で動くプログラムでは、端末自身のアドレスや独自のスキームも使えます。
application-more = 詳細な設定
application-grants = トークンの取得方法
application-grant-code = 利用者がここでサインインする
application-grant-refresh = 確認なしでトークンを更新する
application-grant-client = アプリケーション自身として取得する
application-grant-device = キーボードのない機器で使う
application-grant-jwt = 信頼された発行者の署名で取得する
application-grant-password = 利用者のパスワードで取得する（非推奨）
application-scopes = スコープ
application-scopes-hint = 空白で区切ってください。要求できる範囲の上限です。
application-authentication = 認証の方法
application-algorithm = 署名のアルゴリズム
application-jwks = 公開鍵（JWK Set）
application-jwks-hint = private_key_jwt を選んだ場合にのみ使われます。
application-pkce = PKCE（S256）を必須にする（秘密の値を持たないアプリケーションでは常に必須です）
application-modes = 応答の受け取り方
application-format = アクセストークンの形式
application-audience = トークンを使う API
application-audience-hint = このアドレスがアクセストークンの aud になります。
application-access-ttl = アクセストークンの有効期間（秒）
application-refresh-ttl = リフレッシュトークンの有効期間（秒）
application-ttl-hint = 空欄にすると、このサイトの設定に従います。
application-id-token = ID トークンの署名
application-post-logout = サインアウト後に戻るアドレス
application-backchannel = セッションの終了を通知するアドレス
application-backchannel-session = 通知にセッションの識別子を含める
application-logo = ロゴのアドレス
application-homepage = ホームページ
application-policy = プライバシーポリシー
application-terms = 利用規約
application-secret-title = クライアントシークレットを今すぐ控えてください
application-secret-lead = 表示されるのは今回だけです。ここには照合用の値だけが保存されます。
application-connect-heading = 接続のしかた
application-client-id = クライアント ID
application-issuer = 発行者（issuer）
application-discovery = ディスカバリー
application-authorization = 認可エンドポイント
application-token = トークンエンドポイント
application-example = ターミナルで試す
application-settings-heading = 設定
application-secrets-heading = クライアントシークレット
application-secrets-lead = 新しいシークレットを作成しても、以前のものはしばらく使えます。その間に、停止せずに切り替えられます。
application-rotate = 新しいシークレットを作成する
application-old-until = 以前のシークレットは { $date } まで使えます。
application-end-old = 以前のシークレットを今すぐ無効にする
application-delete-heading = 削除
application-delete-lead = 発行済みのトークンや許可はすべて直ちに無効になり、このアプリケーションではサインインできなくなります。
application-delete = このアプリケーションを削除する
application-delete-sure = 完全に削除する
notice-application-saved = アプリケーションを保存しました。
notice-application-deleted = アプリケーションを削除しました。
notice-secret-ended = 以前のシークレットを無効にしました。
fault-application-name-empty = 名前を入力してください。
fault-application-name-long = 名前は60文字以内で入力してください。
fault-application-name-letters = 文字、数字、一般的な記号だけを使い、紛らわしい文字を混ぜないでください。
fault-application-look-alike = ほかのアプリケーションと紛らわしい名前です。別の名前にしてください。
fault-redirect-malformed = アドレスが完全でないか、ブラウザーで表示される形と異なります。
fault-redirect-fragment = アドレスに # 以降の部分を含めることはできません。
fault-redirect-wildcard = アドレスに * は使えません。一字一句そのまま照合されます。
fault-redirect-credentials = アドレスにユーザー名やパスワードを含めることはできません。
fault-redirect-http = アドレスは https で始めてください。
fault-redirect-scheme = 独自のスキームは、com.example.app のようにドメイン名を逆順にしたものにしてください。
fault-redirect-native = この種類のアドレスは、利用者の端末で動くプログラムでのみ使えます。
fault-redirect-missing = 利用者が戻るためのアドレスを入力してください。
fault-application-too-many = 多すぎます。10個までにしてください。
fault-application-nothing = 少なくとも1つ選んでください。
fault-application-operator = これを許可できるのは、サイトの運営者だけです。
fault-application-refresh = 更新できるのは、サインインまたは機器で取得したトークンだけです。
fault-application-needs-secret = 秘密の値を持たないアプリケーションは、自身として取得することはできません。
fault-application-no-secret = ブラウザーで動くスクリプトは、秘密の値を保管できません。
fault-application-scopes = スコープは半角の英数字と記号で、32個まで、空白で区切って入力してください。
fault-keys-malformed = 署名用の鍵を1個から8個含む JWK Set を入力してください。
fault-keys-private = 秘密鍵が含まれています。新しい鍵の組を作成し、公開鍵だけを入力してください。
fault-keys-weak = RSA 鍵は 2048 ビット以上が必要です。
fault-keys-unfit = 選択したアルゴリズムに合う鍵がありません。
fault-keys-missing = この認証方法には公開鍵が必要です。
fault-application-url = https で始まる完全なアドレスを入力してください。
fault-application-number = 許される範囲の秒数を入力してください。
## メール
mail-greeting = { $name } 様
mail-when = 日時：{ $time }
mail-browser = ブラウザー：{ $browser }
mail-not-you = お心当たりがある場合、操作は必要ありません。お心当たりがない場合は、サインインしてパスワードを変更し、見覚えのないセッションを終了してください：{ $link }
mail-signature = このメールは、{ $site } のお客様のアカウントに関するお知らせです。ご返信いただいてもお答えできません。
mail-password-changed-subject = パスワードが変更されました
mail-password-changed = アカウントのパスワードが変更されました。ほかのセッションはすべて終了しました。
mail-password-added-subject = パスワードが追加されました
mail-password-added = アカウントにパスワードが設定され、パスワードでサインインできるようになりました。
mail-password-reset-subject = 新しいパスワードが設定されました
mail-password-reset = リンクを使って新しいパスワードが設定されました。すべてのセッションが終了しました。
mail-link-added-subject = { $provider }が連携されました
mail-link-added = { $provider }でアカウントにサインインできるようになりました。
mail-link-removed-subject = { $provider }との連携が解除されました
mail-link-removed = { $provider }ではアカウントにサインインできなくなりました。{ $provider }で開始したセッションは終了しました。
mail-email-changed-subject = メールアドレスが変更されました
mail-email-changed = アカウントのメールアドレスが変更されました。このメールは変更前のアドレスにお送りしています。
mail-new-device-subject = 新しいブラウザーからサインインがありました
mail-new-device = これまで使われたことのないブラウザーから、アカウントへのサインインがありました。
mail-many-tries-subject = パスワードが繰り返し試されています
mail-many-tries = アカウントのパスワードが何度も誤って入力されたため、しばらくの間、見慣れないブラウザーからの試行を制限しています。現在のセッションと、これまでにサインインしたブラウザーは引き続きお使いいただけます。
## 運営者：利用者

ops-title = 運営者
ops-find = 照会番号
ops-find-submit = 開く
ops-more = さらに前へ
notice-acted = 実行しました。監査記録に残っています。

ops-users-title = 利用者
ops-users-query = ユーザー名、確認済みのメールアドレス、またはID
ops-users-search = 検索
ops-users-none = 該当する利用者はいません。
ops-user-disabled = 停止中
ops-user-username = ユーザー名
ops-user-email = メールアドレス
ops-user-email-proven = 確認済み
ops-user-email-claimed = 未確認
ops-user-providers = サインイン方法
ops-user-since = 登録日時
ops-user-id = ID
ops-user-acts = できること
ops-user-enable = 利用を再開させる
ops-user-disable = 利用を停止する
ops-user-sign-out = すべてのブラウザーからサインアウトさせる
ops-user-reset = パスワード再設定用のリンクを作る
ops-user-reset-hint = 停止すると、すべてのセッションが終わります。リンクが使えるのは24時間以内に一度だけです。パスワードはご本人が決め、ほかの誰にも見えません。
ops-user-reset-made = このリンクは、ご本人だけにお渡しください。表示されるのは今回限りです。
ops-sessions-title = セッション
ops-sessions-lead = いまサインイン中のブラウザーを、新しい順に表示しています。
ops-sessions-none = サインイン中のブラウザーはありません。
ops-session-end = 終了
ops-session-end-label = セッションを終了：{ $name }
ops-sessions-all = 全員
ops-sessions-all-hint = 情報が漏れたときなどに使います。ご自分以外の全員が、もう一度サインインすることになります。
ops-sessions-all-submit = 全員をサインアウトさせる
ops-audit-title = 監査記録
ops-audit-lead = 運営者が行ったことの記録です。400日間保存されます。
ops-audit-none = まだ何もありません。
ops-act-user-disabled = 利用者を停止
ops-act-user-enabled = 利用者を再開
ops-act-user-signed-out = 利用者をすべてのブラウザーからサインアウト
ops-act-session-ended = セッションを終了
ops-act-everybody-signed-out = 全員をサインアウト
ops-act-reset-link-made = パスワード再設定用のリンクを作成
ops-act-provider-checked = 連携先を点検
ops-act-failures-exported = 失敗の記録を書き出し
ops-act-rule-made = ルールを作成
ops-act-rule-ended = ルールを終了

## 運営者：現在の状況

ops-overview-title = 概況
ops-range-now = 直近5分
ops-range-hour = 1時間
ops-range-day = 1日
ops-range-week = 1週間
ops-category-user-cancelled = 本人が中止
ops-category-browser-environment = ブラウザー
ops-category-idp-outage = 連携先の障害
ops-category-other = その他
ops-chart-succeeded = サインイン
ops-chart-successes = サインイン数
ops-chart-successes-total = サインインと連携は合わせて{ $count }件です。
ops-chart-failures = 失敗（分類別）
ops-chart-failures-total = 失敗は合わせて{ $count }件です。
ops-as-table = 表で見る
ops-time = 時刻（UTC）
ops-lost = 行方不明（始めたまま戻らず）
ops-passwords-refused = パスワード不一致
ops-glance-title = 直近・1時間・1日・1週間
ops-needs-title = 人の判断が必要なもの
ops-needs-lead = この1週間に「その他」となった失敗を種類別に表示しています。どれも一度は原因を確かめてください。
ops-needs-none = ありません。この1週間の失敗は、すべて原因が分かっています。
ops-providers-title = 連携先
ops-providers-lead = 成功率は、終わったサインインのうち、本人が中止したものを除いて計算しています。
ops-providers-none = 連携先は設定されていません。
ops-success-percent = 成功率{ $percent }%
ops-success-unknown = 終わったサインインなし
ops-count-failed = 失敗{ $count }件
ops-count-lost = 行方不明{ $count }件
ops-count-times = { $count }件
ops-spark-failures = 失敗の推移：{ $name }
ops-provider-success = 成功率
ops-provider-failed = 失敗
ops-provider-clock = 時計の差（こちら − 連携先）
ops-provider-check = 点検
ops-provider-check-submit = いま点検する
ops-check-found = 点検の結果
ops-latency-title = 応答時間
ops-latency-lead = 接続先ごとの直近200回について、このプロセスが測った値です。
ops-latency-none = まだ一度も問い合わせていません。
ops-endpoint = 接続先
ops-calls = 回数
ops-median = 中央値
ops-p95 = 95%
ops-kinds-title = 種類別の最新の失敗（1週間以内）
ops-kinds-none = ありません。
ops-failures-title = 失敗
ops-failures-none = 条件に合う記録はありません。
ops-failures-no-reference = 「{ $reference }」は照会番号ではありません。K7Q2-9F3Mのような形です。
ops-failures-export = この一覧をCSVで保存
ops-filter-any = すべて
ops-filter-category = 分類
ops-filter-provider = 連携先
ops-filter-cause = 原因
ops-filter-stage = 段階
ops-filter-from = 開始（UTC）
ops-filter-until = 終了（UTC）
ops-filter-fingerprint = 種類
ops-filter-submit = 絞り込む
ops-filter-clear = 解除
ops-story-title = 失敗
ops-story-by-rule = ルールによる
ops-story-told = ご本人に表示した内容
ops-story-advice = 意味と対処
ops-story-trip = 経過
ops-story-no-steps = 連携先に問い合わせる前に終わりました。
ops-story-fields = 項目：
ops-story-more = 詳細
ops-story-provider-error = 連携先のエラーコード
ops-story-http-status = HTTPステータス
ops-story-duration = こちらの処理時間
ops-story-purpose = 目的
ops-story-attempt = 試行
ops-story-request = リクエスト
ops-story-detail = こちら側の詳細
ops-story-same-kind = 同じ種類の失敗をすべて見る
ops-story-elsewhere = ほかのソフトウェアでの名前
ops-story-none = この照会番号の記録はありません。失敗の記録は{ $days }日間保存されます。直前のものは、まだ書き込まれていないことがあります。

## 運営者：未分類とルール

ops-inbox-title = 未分類
ops-inbox-lead = この30日間に「その他」となった失敗を種類別に、多い順に表示しています。正体を選ぶと、ルールの効果を事前に確かめられます。
ops-inbox-none = ありません。この30日間の失敗は、すべて原因が分かっています。
ops-inbox-is = 正しい分類
ops-inbox-try = 試す
ops-inbox-protected = 安全のための拒否、またはこちら側の不具合です。ルールでは変えられません。
ops-trial-title = ルールの試行
ops-trial-becomes = 変更後の分類
ops-trial-would = 適用していた場合の結果
ops-trial-moved = { $count }件の失敗の分類が変わっていました。
ops-trial-looked-at = この30日間の{ $count }件を調べました。
ops-trial-submit = このルールを適用する
ops-trial-hint = 数秒以内に、すべてのレプリカで有効になります。これまでの記録は変わりません。
ops-rule-note = 理由（任意）
ops-rules-title = ルール
ops-rules-lead = 運営者が決めたことの一覧です。最も具体的なルールが優先されます。
ops-rules-none = ルールはありません。
ops-rule-level = ログレベルを{ $level }に
ops-rule-end = 終了
ops-rule-end-label = ルールを終了：{ $name }
ops-rule-ended = 終了済み
ops-rule-export = 方言（dialect）の項目として表示
ops-levels-title = ログレベル
ops-levels-lead = 分類または原因ごとに、ログに残すときのレベルを決めます。安全のための拒否を、より控えめに記録することはできません。
ops-levels-target = 分類または原因
ops-levels-level = レベル
ops-levels-submit = 設定
# Failures that the operators have given another category.
moved-user_cancelled = { $provider }でのサインインは、最後まで進む前に終わりました。
moved-browser_environment = { $provider }でのサインインが途中で途切れました。アカウントに問題はありません。
moved-idp_outage = { $provider }の都合で、今はサインインを完了できませんでした。
moved-other = { $provider }でのサインインを完了できませんでした。
## Mail: addresses and forgotten passwords

forgot-mail-lead = ユーザー名またはメールアドレスを入力してください。確認済みのメールアドレスがあるアカウントの場合、新しいパスワードを設定するためのリンクをお送りします。
forgot-mail-submit = リンクを送る
verify-title = メールアドレスの確認
verify-lead = ボタンを押すと、{ $address } がご本人のものとして確認されます。ほかのブラウザーからはサインアウトされます。
verify-submit = 確認する
verify-signed-out = 先にアカウントへサインインしてください。その後、このページに戻ります。
verify-invalid-text = リンクが使えるのは一度だけで、期限は一日です。また、申し込んだアカウントでのみ使えます。新しいリンクはアカウントのページからお送りできます。
verify-taken-title = このアドレスのアカウントはすでにあります
verify-taken-text = このアドレスは、別のアカウントで（おそらくご自身で）確認済みです。そちらでサインインするか、ここでは別のアドレスをお使いください。
verify-to-account = アカウントへ
account-unproven = { $address } はまだ確認されていません。お送りしたメールのリンクを、このブラウザーで開いてください。
account-unproven-submit = リンクをもう一度送る
notice-reset-mailed = 確認済みのメールアドレスがあるアカウントの場合、リンクを記したメールをお送りしました。リンクの期限は1時間です。
notice-address-proven = ありがとうございます。メールアドレスを確認しました。
notice-proof-mailed = リンクを記したメールをお送りしました。迷惑メールのフォルダーもあわせてご確認ください。
fault-email-throttled = メールの送信が続いたため、しばらくお待ちいただいてから、もう一度お試しください。
mail-prove-subject = メールアドレスの確認をお願いします
mail-prove = { $site } で、このメールアドレスが入力されました。ご本人のものであることを確認するため、次のページを開いてボタンを押してください。
mail-prove-terms = リンクが使えるのは一度だけで、期限は24時間です。アカウントにサインインしているブラウザーで開いてください。お心当たりがない場合、操作は必要ありません。このアドレスが使われることはありません。
mail-in-use-subject = アカウントはすでにお持ちです
mail-in-use = { $site } のアカウント用に、このメールアドレスが入力されました。このアドレスのアカウントはすでにあるため、何も変更していません。ご本人の場合は、これまでの方法でサインインしてください。
mail-in-use-terms = パスワードをお忘れのときは、そのページの「パスワードをお忘れですか？」をお使いください。お心当たりがない場合、操作は必要ありません。
mail-set-password-subject = 新しいパスワードの設定
mail-set-password = { $site } で、新しいパスワードの設定が申し込まれました。次のページを開いて、新しいパスワードをお決めください。
mail-set-password-terms = リンクが使えるのは一度だけで、期限は1時間です。設定すると、すべてのブラウザーからサインアウトされます。お心当たりがない場合、操作は必要ありません。パスワードはそのままです。
mail-asked-signature = このメールは、{ $site } でのお申し込みによりお送りしています。ご返信いただいてもお答えできません。
# Operators: incidents, and what people see of a provider.
ops-now-title = 現在の状況
ops-now-none = 異常はありません。進行中の障害も、不調の連携先もありません。
ops-incident-idp-outage = { $name }が不調です
ops-incident-browser-environment = { $name }：ブラウザー側で途切れるサインインが急に増えています
ops-incident-lost-attempts = { $name }：始めたまま戻らないサインインが急に増えています
ops-incident-other = { $name }：これまでになかった種類の失敗です
ops-incident-first-contact = { $name }は、genkanの起動後まだ一度も成功していません
ops-incident-hundred-per-cent = { $name }は、毎回同じように失敗しています
ops-incident-do-outage = 連携先の稼働状況を確認してください。一度も成功したことがない場合は、連携先のページの「いま点検する」で原因が分かります。
ops-incident-do-change = 最後に変更した点を確認してください（public_url、Cookie、ホスト名、genkanの手前のプロキシ）。
ops-incident-do-kind = 失敗の詳細を開き、「未分類」で正体を選んでください。
ops-incident-do-check = こちら側の設定が原因と思われます。連携先のページの「いま点検する」で場所が分かります。
ops-incident-failures = { $count }件の失敗で検知
ops-incidents-title = この1週間の障害
ops-incidents-none = ありません。
ops-incident-going-on = 継続中
ops-people-see = 利用者への表示
ops-breaker-closed = なし（正常）
ops-breaker-open = 不調と表示中
ops-breaker-probing = 不調と表示中（点検の呼び出しは成功）
ops-mail-dead = 配信を断念したメール：{ $count }通
ops-mail-dead-hint = メールサーバーに拒否されたか、一日以上応答がありませんでした。理由はログのmail_deadにあります。
# Pages of applications, looked at once more

account-consents-none = 利用を許可したアプリケーションはまだありません。
account-applications-own = 登録したアプリケーションの管理
application-part-proof = 認証と応答
application-part-tokens = トークン
application-part-sign-out = サインアウト
application-part-people = 利用者への案内

# DPoP（RFC 9449）
application-dpop = アクセストークンを鍵に結び付ける（DPoP）。証明のないリクエストは拒否します
# Groups, and programs that get nothing

scope-groups = このサイトの運営者が設定した所属グループを見る
ops-tokens-refused = プログラムからの要求の拒否
# Signatures of access tokens
application-access-algorithm = アクセストークンの署名
application-access-algorithm-hint = 形式が jwt の場合にのみ使われます。RS256 はどの API でも検証できます。ES256 は速く、短くなります。
# Signing out where nobody is signed in
logout-over-title = サインアウト済みです
logout-on = ここへ案内したアプリケーションは、{ $place }へ進むよう求めています。その運営者は、このサイトでは確認されていません。
logout-go-on = 進む
# Front-channel logout

application-frontchannel = セッションの終了時にブラウザーが読み込むアドレス
fault-application-elsewhere = リダイレクト先のいずれかと同じ場所（スキーム、ホスト、ポート）のアドレスを入力してください。
farewell-title = サインアウト完了
farewell-lead = ご利用になったアプリケーションに、サインアウトを知らせています。画面が変わらないときは、ボタンを押してください。
farewell-frame = アプリケーションへの通知
farewell-go-on = 進む
## Applications: what was refused lately.

refusals-heading = 最近拒否されたリクエスト
refusals-none = ありません。アプリケーションのリクエストが拒否されると、ここに理由が表示されます。
refusals-lead = このアプリケーションの名前で行われ、拒否されたリクエストです。新しいものから順に表示しています。クライアント ID を知っている人なら、誰でも起こせるものも含まれます。
refusals-times = { $times }回。
refusals-last = 最後は { $date }。
refusal-redirect-uri = アプリケーションが送っているアドレスを、「設定」に登録したものと一字一句見比べてください。利用者にはこのサイトの画面が表示され、どこへも何も送っていません。
refusal-disabled = このアプリケーションは、サイトの運営者によって停止されています。運営者にお問い合わせください。
refusal-invalid-client = クライアント ID、シークレット、その送り方を「設定」と見比べてください。シークレットをなくした場合は、下で新しく作成できます。誰でも問い合わせられるため、応答そのものには理由を載せていません。
refusal-invalid-grant = コード、リフレッシュトークン、デバイスコードは、一定時間内に1回だけ、要求したときと同じ値とともに使えます。新しいものを取得してやり直してください。
refusal-invalid-request = パラメーターが足りないか、重複しているか、標準どおりに書かれていません。
refusal-invalid-scope = 「設定」でスコープを追加するか、要求する範囲を狭めてください。
refusal-unauthorized-client = 「設定」でこの取得方法を有効にするか、有効になっている方法を使ってください。
refusal-access-denied = 利用者が許可しなかったか、前の画面に戻りました。異常ではありません。希望があれば、もう一度始められるようにしてください。
refusal-login-required = prompt=none では画面を表示しません。これを付けずに、もう一度ここへ案内してください。
refusal-insufficient-scope = 利用者をここへ案内するときにこのスコープを要求し、新しいトークンを使ってください。
refusal-invalid-token = リフレッシュトークンで更新するか、利用者をもう一度ここへ案内してください。
refusal-slow-down = リクエストの間隔を空けてください。待つ時間は応答に書かれています。
refusal-expired-token = 機器の待ち時間が過ぎました。新しいコードを取得してください。
refusal-other = 合わなかった点は、上の行に書かれています。
