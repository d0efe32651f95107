using Xunit;

namespace Rookery.SystemTests;

/// <summary>Tests that time a fault or need the whole machine: one after the other.</summary>
[CollectionDefinition(nameof(LongTests))]
public sealed class LongTests;
