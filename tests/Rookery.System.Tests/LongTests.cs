using Xunit;

namespace Rookery.SystemTests;

/// <summary>Tests that need the whole machine for minutes: one after the other.</summary>
[CollectionDefinition(nameof(LongTests))]
public sealed class LongTests;
