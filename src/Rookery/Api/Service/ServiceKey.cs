namespace Rookery.Api.Service;

/// <summary>The key of trusted backends, with which roles ask each other too.</summary>
internal sealed record ServiceKey(string Value)
{
    /// <summary>No key is written into a log.</summary>
    public override string ToString() => "ServiceKey";
}
