namespace Rookery.Wire;

/// <summary>Something that an operator may want in a log. The fault is null where nothing went wrong.</summary>
public sealed record WireNotice(WireEndpoint Endpoint, string What, Exception? Fault);
