using Rookery.TestKit.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedServers))]
