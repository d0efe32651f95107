using Xunit;

namespace Rookery.Tests.Kernel;

public sealed class IcuTests
{
    [Fact]
    public void With_ICU_there_is_no_problem() => Assert.Null(Icu.Problem());

    [Fact]
    public void Without_it_the_package_to_install_is_named() =>
        Assert.Contains("libicu72", Icu.Problem("e\u0301"), StringComparison.Ordinal);
}
