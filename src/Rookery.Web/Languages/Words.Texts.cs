namespace Rookery.Web.Languages;

/// <summary>The texts, each under its key; a number chooses the form that goes with it. Those with places for elements are filled by <see cref="Around"/>.</summary>
public sealed partial class Words
{
    // The language itself.
    public string LanguageName => Text();
    public string Direction => Text();

    // Numbers and times.
    public string NumberPoint => Text();
    public string NumberGroup => Text();

    public string NumberThousands(string count) => Fill("count", count);

    public string NumberMillions(string count) => Fill("count", count);

    public string Months => Text();

    public string MomentOfDay(string day, string time) => Fill("day", day, "time", time);

    // Around every page.
    public string SkipToContent => Text();
    public string Search => Text();
    public string SearchNow => Text();
    public string MainNavigation => Text();
    public string Home => Text();
    public string Everybody => Text();
    public string Profile => Text();
    public string Settings => Text();
    public string LogIn => Text();
    public string LogOut => Text();
    public string SignUp => Text();
    public string About => Text();
    public string Terms => Text();
    public string HowToSearch => Text();
    public string KeyboardShortcuts => Text();
    public string Language => Text();
    public string Pages => Text();
    public string Older => Text();
    public string Newest => Text();
    public string More => Text();
    public string First => Text();
    public string SomethingWrong => Text();

    public string FollowersOf(long count) => Form(count);

    public string FeedAtom => Text();
    public string FeedRss => Text();

    // When something goes wrong.
    public string ErrorForbidden => Text();
    public string ErrorNothing => Text();
    public string ErrorNoPage => Text();
    public string ErrorUnreadable => Text();
    public string ErrorTooOften => Text();
    public string ErrorNotNow => Text();
    public string ErrorFault => Text();
    public string ErrorRefused => Text();
    public string ToFirstPage => Text();

    // The language that somebody chooses.
    public string ChooseLanguage => Text();
    public string ChooseLanguageHint => Text();
    public string LanguageOfBrowser => Text();

    // Lists of posts, and the posts in them.
    public string WelcomeText => Text();
    public string WhatPeoplePost => Text();
    public string WhatEverybodyPosts => Text();
    public string NobodyPostedSignUp => Text();
    public string NobodyPosted => Text();
    public string HomeEmpty => Text();
    public string NoPostWithHashtag => Text();
    public string RepostedBy => Text();
    public string InReplyTo => Text();
    public string ContentWarning => Text();

    public string SensitivePictures(long count) => Count(count);

    public string Reply => Text();
    public string Repost => Text();
    public string Like => Text();
    public string Delete => Text();
    public string Report => Text();
    public string Replies => Text();
    public string Reposts => Text();
    public string Likes => Text();
    public string PictureUndescribed => Text();
    public string PictureHidden => Text();
    public string Video => Text();
    public string VideoHidden => Text();
    public string VideoUndescribed => Text();
    public string SensitiveVideo => Text();
    public string Picture => Text();
    public string ForUnlisted => Text();
    public string ForFollowers => Text();
    public string ForMentioned => Text();

    // One post, and writing one.
    public string PostTitle(string name) => Fill("name", name);

    public string PostBy => Text();
    public string WhatItAnswers => Text();
    public string Answers => Text();
    public string NoAnswers => Text();
    public string MoreAnswers => Text();
    public string EarlierPosts => Text();
    public string DeletePost => Text();
    public string DeletePostAsked => Text();
    public string DeletePostText => Text();
    public string DeleteIt => Text();
    public string KeepIt => Text();
    public string Write => Text();
    public string WritePost => Text();
    public string WriteReply => Text();
    public string WhatIsNew => Text();

    public string ReplyToName(string name) => Fill("name", name);

    public string ReplyToPost => Text();

    public string TextHint(string count) => Fill("count", count);

    public string WarnOf => Text();
    public string WarnOfHint => Text();
    public string HidePictures => Text();
    public string Pictures => Text();
    public string PictureOrVideo => Text();
    public string VideoSign => Text();
    public string Undescribed => Text();

    public string PictureNumber(string count) => Fill("count", count);

    public string DescribePicture => Text();
    public string WhoMaySee => Text();
    public string AsThePost => Text();
    public string ToEverybody => Text();
    public string ToEverybodyUnlisted => Text();
    public string ToFollowers => Text();
    public string ToMentioned => Text();
    public string Post => Text();

    // Signing up and logging in.
    public string Username => Text();
    public string UsernameHint => Text();
    public string Email => Text();
    public string EmailHint => Text();
    public string Password => Text();
    public string PasswordHint => Text();
    public string HaveAccount => Text();
    public string NewHere => Text();
    public string LoggedOutMeanwhile => Text();

    // Profiles.
    public string FollowsYou => Text();
    public string Follow => Text();
    public string Unfollow => Text();
    public string Block => Text();
    public string Unblock => Text();
    public string MuteForADay => Text();
    public string MuteForGood => Text();
    public string Unmute => Text();
    public string EditProfile => Text();
    public string HereSince => Text();

    public string PostsOf(long count) => Form(count);

    public string FollowingOf => Text();
    public string OfThisAccount => Text();
    public string Posts => Text();
    public string Media => Text();

    public string YouBlock(string name) => Fill("name", name);

    public string BlocksYou(string name) => Fill("name", name);

    public string YouMute(string name) => Fill("name", name);

    public string YouAsked(string name) => Fill("name", name);

    public string WantsToFollow(string name) => Fill("name", name);

    public string AskToFollow => Text();
    public string TakeBackRequest => Text();
    public string Accept => Text();
    public string Reject => Text();
    public string RemoveFollower => Text();
    public string IsLocked => Text();

    public string Followers => Text();
    public string Following => Text();
    public string NobodyYet => Text();
    public string NoReplies => Text();
    public string NoMedia => Text();
    public string NoPosts => Text();

    public string PostsBy(string name) => Fill("name", name);

    // Searching.
    public string SearchTitle(string query) => Fill("query", query);

    public string SearchedInstead => Text();
    public string SearchLiterally => Text();
    public string DidYouMean => Text();
    public string SearchPartial => Text();
    public string Accounts => Text();
    public string Hashtags => Text();
    public string NoPostFound => Text();
    public string RemarkPartsLeftOut => Text();
    public string RemarkNesting => Text();
    public string RemarkOperator => Text();
    public string RemarkExclusions => Text();
    public string RemarkUnclosed => Text();
    public string HelpAllWords => Text();
    public string HelpPhrase => Text();
    public string HelpOr => Text();
    public string HelpWithout => Text();
    public string HelpPrefix => Text();
    public string HelpHashtag => Text();
    public string HelpPeople => Text();
    public string HelpIn => Text();
    public string HelpTime => Text();
    public string HelpKind => Text();
    public string HelpUrl => Text();
    public string HelpTop => Text();

    // The settings.
    public string ForModerators => Text();
    public string Reports => Text();
    public string WhatWasDone => Text();
    public string TheServer => Text();
    public string Name => Text();
    public string NameHint => Text();
    public string AboutYou => Text();
    public string AboutYouHint => Text();
    public string YourPicture => Text();
    public string YourPictureHint => Text();
    public string WidePicture => Text();
    public string WidePictureHint => Text();
    public string PictureKinds => Text();
    public string RemovePicture => Text();
    public string Indexable => Text();
    public string Locked => Text();
    public string LockedHint => Text();
    public string Save => Text();
    public string Posting => Text();
    public string PostingVisibility => Text();
    public string PostingVisibilityHint => Text();
    public string PostingSensitive => Text();
    public string PostingChanged => Text();
    public string CurrentPassword => Text();
    public string NewPassword => Text();
    public string NewPasswordHint => Text();
    public string ChangePassword => Text();
    public string ChangeLanguage => Text();
    public string WhomYouDoNotSee => Text();
    public string BlockedAccounts => Text();
    public string BlockedExplained => Text();
    public string MutedAccounts => Text();
    public string MutedExplained => Text();
    public string Nobody => Text();
    public string ToSettings => Text();
    public string Sessions => Text();
    public string SessionsText => Text();
    public string LoggedInOn => Text();
    public string LastUsedOn => Text();
    public string ThisBrowser => Text();
    public string EndSession => Text();

    public string OfSession(string moment) => Fill("moment", moment);

    public string EndOthers => Text();
    public string LogOutEverywhere => Text();
    public string YourData => Text();
    public string YourDataText => Text();
    public string YourPosts => Text();
    public string Follows => Text();
    public string Blocks => Text();
    public string Mutes => Text();
    public string DeleteAccount => Text();
    public string DeleteAccountText => Text();
    public string YourPassword => Text();
    public string DeleteMyAccount => Text();
    public string ProfileChanged => Text();
    public string PasswordChanged => Text();
    public string SessionEnded => Text();
    public string OthersEnded => Text();

    // Reporting.
    public string ThankYou => Text();
    public string ReportSent => Text();
    public string ReportedHide => Text();
    public string OnTheirProfile => Text();
    public string ReportName => Text();

    public string ReportTitle(string name) => Fill("name", name);

    public string ReportText => Text();
    public string ReportAbout => Text();
    public string ReportSpam => Text();
    public string ReportViolation => Text();
    public string ReportLegal => Text();
    public string ReportOther => Text();
    public string ReportComment => Text();

    public string UpToCharacters(string count) => Fill("count", count);

    public string ReportPosts => Text();
    public string SendReport => Text();
    public string Cancel => Text();
    public string Wordless => Text();

    // For moderators.
    public string OpenReports => Text();
    public string ResolvedReports => Text();
    public string NoneResolved => Text();
    public string NoneOpen => Text();
    public string ByAt => Text();

    public string AndPosts(long count) => Count(count);

    public string AReport => Text();
    public string ReportAboutName => Text();
    public string CategorySpam => Text();
    public string CategoryViolation => Text();
    public string CategoryLegal => Text();
    public string CategoryOther => Text();
    public string ReportedPosts => Text();
    public string ReportNamesNone => Text();

    public string CannotBeShown(long count) => Count(count);

    public string ResolvedByAt => Text();
    public string ResolveIt => Text();
    public string ResolveHint => Text();
    public string WhatCameOfIt => Text();
    public string ForOtherModerators => Text();
    public string ResolveReport => Text();
    public string WhatModeratorsDid => Text();
    public string NothingDone => Text();
    public string AnOperator => Text();
    public string ActSuspended => Text();
    public string ActRestored => Text();
    public string ActRoleGiven => Text();
    public string ActReportResolved => Text();
    public string ActLetterDiscarded => Text();
    public string TheReport => Text();
    public string RoleMember => Text();
    public string RoleModerator => Text();
    public string RoleAdmin => Text();
    public string DeletedAccount => Text();
    public string Suspended => Text();

    public string AccountTitle(string name) => Fill("name", name);

    public string MemberSince(string day) => Fill("day", day);

    public string LiftSuspension => Text();
    public string SuspendAccount => Text();
    public string LiftExplained => Text();
    public string SuspendExplained => Text();
    public string Why => Text();
    public string MayNotDecide => Text();

    // The server, for admins.
    public string Health => Text();
    public string AllIsWell => Text();
    public string PositionsText => Text();
    public string UpToDate => Text();

    public string Behind(string count) => Fill("count", count);

    public string EventsOf(string databases) => Fill("databases", databases);

    public string DeadLetters => Text();
    public string DeadLettersText => Text();
    public string NoLetters => Text();
    public string LetterFacts => Text();
    public string TryAgain => Text();
    public string Discard => Text();
    public string DiscardText => Text();
    public string DiscardIt => Text();

    public string AndMore(string count) => Fill("count", count);

    // About the site.
    public string AboutSite(string site) => Fill("site", site);

    public string Contact => Text();
    public string Rules => Text();
    public string AboutAndRules => Text();
    public string UsualDescription => Text();
    public string UsualRules => Text();
    public string UsualTerms => Text();
}
