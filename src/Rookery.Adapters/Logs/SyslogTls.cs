using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Rookery.Adapters.Logs;

/// <summary>
/// RFC 5425: the same frames, encrypted. TCP acknowledges bytes of the cipher, so this notes how many of them each write has become.
/// </summary>
internal sealed class SyslogTls : IDisposable
{
    private readonly Queue<(long Plain, long Sealed)> _writes = new();
    private readonly CountedStream _cipher;
    private readonly SslStream _plain;
    private long _written;
    private long _acknowledged;

    private SyslogTls(Socket socket, TrustedAuthorities authorities)
    {
        _cipher = new CountedStream(socket);
        _plain = new SslStream(
            _cipher,
            leaveInnerStreamOpen: false,
            (_, certificate, sent, errors) => authorities.Accepts(certificate, sent, errors)
        );
    }

    /// <exception cref="IOException">The server is not whom the settings say.</exception>
    public static async Task<SyslogTls> OpenAsync(
        Socket socket,
        string host,
        TrustedAuthorities authorities,
        CancellationToken token
    )
    {
        var tls = new SyslogTls(socket, authorities);
        try
        {
            var options = new SslClientAuthenticationOptions { TargetHost = host };
            await tls._plain.AuthenticateAsClientAsync(options, token);
            return tls;
        }
        catch (AuthenticationException fault)
        {
            tls.Dispose();
            throw new IOException(
                $"its certificate is not trusted, or carries another name ({LogsOptions.Section}:{nameof(LogsOptions.SyslogTlsAuthorities)} names who may have signed it): {fault.Message}",
                fault
            );
        }
        catch
        {
            tls.Dispose();
            throw;
        }
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken token)
    {
        await _plain.WriteAsync(bytes, token);
        await _plain.FlushAsync(token);
        _written += bytes.Length;
        _writes.Enqueue((_written, _cipher.Written));
    }

    /// <summary>How many of the written bytes are there when so many of the cipher are.</summary>
    public long AcknowledgedOf(long cipher)
    {
        while (_writes.TryPeek(out var write) && write.Sealed <= cipher)
        {
            _acknowledged = _writes.Dequeue().Plain;
        }

        return _acknowledged;
    }

    /// <summary>Says that nothing more comes.</summary>
    public Task CloseAsync() => _plain.ShutdownAsync();

    public void Dispose() => _plain.Dispose();

    private sealed class CountedStream(Socket socket) : NetworkStream(socket, ownsSocket: false)
    {
        public long Written { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            base.Write(buffer);
            Written += buffer.Length;
        }

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            await base.WriteAsync(buffer, cancellationToken);
            Written += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) =>
            Write(buffer.AsSpan(offset, count));

        public override Task WriteAsync(
            byte[] buffer,
            int offset,
            int count,
            CancellationToken cancellationToken
        ) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
