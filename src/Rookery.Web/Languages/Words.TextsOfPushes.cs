namespace Rookery.Web.Languages;

/// <summary>What is said of pushes, as the others.</summary>
public sealed partial class Words
{
    public string Pushes => Text();
    public string PushesText => Text();
    public string PushesNeedScript => Text();
    public string SwitchPushesOn => Text();
    public string SwitchPushesOff => Text();
    public string SendTestPush => Text();
    public string PushTestAsked => Text();
    public string PushRemoved => Text();
    public string OtherDevices => Text();
    public string SubscribedOn => Text();
    public string PushArrived => Text();
    public string NoPushYet => Text();
    public string PushFailed => Text();
    public string PushesDenied => Text();
    public string NoPushes => Text();

    public string PushesWaiting(long count) => Count(count);
}
