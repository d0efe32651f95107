namespace Rookery.Wire.Memcached;

/// <summary>A connection that speaks the meta protocol: every command has one answer.</summary>
internal sealed class MetaConnection : WireConnection<MemcachedReply, string>
{
    public MetaConnection(
        WireSocket socket,
        WireEndpoint endpoint,
        int mostValueBytes,
        WireConnectionOptions options
    )
        : base(socket, $"{endpoint}", new MetaParser(mostValueBytes), options) => Begin();

    protected override IWireRequest<MemcachedReply, string> Ping { get; } = new NoOperation();

    protected override void Retire(string source) { }

    protected override bool Took(
        in MemcachedReply reply,
        IWireRequest<MemcachedReply, string>? next
    ) => false;

    private sealed class NoOperation : IWireRequest<MemcachedReply, string>
    {
        public void Write(WireBuffer buffer, int first, int count) => buffer.Append("mn\r\n"u8);

        public void Reply(int position, in MemcachedReply value, string source) { }

        public void Fail(int first, int count, WireUnavailableException failure) { }
    }
}
