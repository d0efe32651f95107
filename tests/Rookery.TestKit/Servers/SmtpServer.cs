using System.Diagnostics;

namespace Rookery.TestKit.Servers;

/// <summary>What a mail server asks of who sends through it.</summary>
/// <param name="HasTls">STARTTLS is offered, and nothing is taken without it.</param>
/// <param name="Login">Who may send, and the password; null: everybody, and nobody can log in.</param>
/// <param name="KnowsAllScripts">Addresses may have any letters, not those of ASCII alone.</param>
internal sealed record SmtpTerms(
    bool HasTls = false,
    (string Username, string Password)? Login = null,
    bool KnowsAllScripts = true
);

/// <summary>
/// A real mail server that keeps what it takes: aiosmtpd. Mail to <c>refused@…</c> it never takes, mail to <c>later@…</c> not now, that to <c>spam@…</c> and <c>policy@…</c> only until it has seen it.
/// To <c>far@…</c> it does not relay, <c>odd@…</c> it takes for no address, and <c>…@null-mx.example</c> for a domain without mail.
/// </summary>
internal sealed class SmtpServer : RealServer
{
    // The package has no user of its own.
    private static readonly ServerUser Python = new("python3-aiosmtpd", "daemon", "/usr/bin");

    private readonly SmtpTerms _terms;

    private SmtpServer(ServerFolder folder, SmtpTerms terms)
        : base(Python, folder) => _terms = terms;

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>What a client of one with TLS must trust.</summary>
    public string CertificateFile => Path.Combine(Folder, "certificate.pem");

    private string KeyFile => Path.Combine(Folder, "key.pem");

    private string Inbox => Path.Combine(Folder, "inbox");

    private string Program => Path.Combine(Folder, "server.py");

    private string HoldFile => Path.Combine(Folder, "hold");

    public static async Task<SmtpServer> StartAsync(CancellationToken stop, SmtpTerms? terms = null)
    {
        var server = await MakeAsync(stop, terms);
        await Started.Async(server, stop);
        return server;
    }

    /// <summary>One that is away, with the port where it will be.</summary>
    public static async Task<SmtpServer> MakeAsync(CancellationToken stop, SmtpTerms? terms = null)
    {
        var server = new SmtpServer(await Python.NewFolderAsync(stop), terms ?? new SmtpTerms());
        if (server._terms.HasTls)
        {
            await SelfSigned.WriteAsync(server.CertificateFile, server.KeyFile, stop);
        }

        await ServerUser.WriteAsync(server.Program, Source, stop);
        return server;
    }

    /// <summary>What it took, in order.</summary>
    public IReadOnlyList<ReceivedMail> Mails() =>
        Directory.Exists(Inbox)
            ?
            [
                .. Directory
                    .EnumerateFiles(Inbox, "*.eml")
                    .Order(StringComparer.Ordinal)
                    .Select(file => ReceivedMail.Parse(File.ReadAllBytes(file))),
            ]
            : [];

    /// <summary>How many it took.</summary>
    public int Count =>
        Directory.Exists(Inbox) ? Directory.EnumerateFiles(Inbox, "*.eml").Count() : 0;

    /// <summary>The mails, once there are so many.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> MailsAsync(int count, CancellationToken stop)
    {
        await Wait.UntilAsync(
            () => Task.FromResult(Mails().Count >= count),
            () => $"{count} mails arrive, not {Mails().Count}\n{Output}",
            stop,
            TimeSpan.FromMilliseconds(20)
        );
        return Mails();
    }

    /// <summary>From now on it keeps what it is sent and does not say so, until <see cref="LetGo"/>.</summary>
    public Task HoldAsync(CancellationToken stop) => ServerUser.WriteAsync(HoldFile, "", stop);

    public void LetGo() => File.Delete(HoldFile);

    public override Task<bool> AnswersAsync(CancellationToken stop) => ListensAsync(stop);

    protected override ProcessStartInfo Command() =>
        User.Start(
            Folder,
            "python3",
            [
                Program,
                $"{Port}",
                Folder,
                _terms.HasTls ? "tls" : "",
                _terms.KnowsAllScripts ? "" : "ascii",
                _terms.Login?.Username ?? "",
                _terms.Login?.Password ?? "",
            ]
        );

    private const string Source = """
        import asyncio, os, ssl, sys
        from aiosmtpd.smtp import SMTP, AuthResult

        port, folder, tls, ascii_only, user, password = sys.argv[1:7]
        inbox = os.path.join(folder, "inbox")
        os.makedirs(inbox, exist_ok=True)
        os.chmod(inbox, 0o755)


        class Handler:
            count = len(os.listdir(inbox))

            async def handle_RCPT(self, server, session, envelope, address, options):
                if address.startswith("refused@"):
                    return "550 5.1.1 There is no such mailbox here"
                if address.startswith("later@"):
                    return "451 4.2.1 The mailbox is busy, come again"
                if address.startswith("far@"):
                    return "550 5.7.1 We do not relay"
                if address.startswith("odd@"):
                    return "501 5.1.3 Bad recipient address syntax"
                if address.endswith("@null-mx.example"):
                    return "556 5.1.10 That domain takes no mail"
                envelope.rcpt_tos.append(address)
                return "250 OK"

            async def handle_DATA(self, server, session, envelope):
                if any(address.startswith("spam@") for address in envelope.rcpt_tos):
                    return "554 5.7.1 This looks like spam"
                if any(address.startswith("policy@") for address in envelope.rcpt_tos):
                    return "550 5.7.1 Against the policy of that mailbox"
                Handler.count += 1
                path = os.path.join(inbox, "%06d.eml" % Handler.count)
                told = "X-Envelope-From: %s\r\nX-Envelope-To: %s\r\nX-Logged-In: %s\r\n" % (
                    envelope.mail_from, ",".join(envelope.rcpt_tos), session.auth_data or "")
                with open(path + ".part", "wb") as file:
                    file.write(told.encode())
                    file.write(envelope.original_content)
                os.chmod(path + ".part", 0o644)
                os.rename(path + ".part", path)
                while os.path.exists(os.path.join(folder, "hold")):
                    await asyncio.sleep(0.01)
                return "250 Taken"


        class Server(SMTP):
            async def smtp_AUTH(self, arg):
                # Names of mechanisms are the same in whatever case; here they are not.
                mechanism, _, rest = (arg or "").partition(" ")
                return await super().smtp_AUTH((mechanism.upper() + " " + rest).strip())


        def allow(server, session, envelope, mechanism, data):
            right = (data.login.decode(), data.password.decode()) == (user, password)
            return AuthResult(success=right, auth_data=data.login.decode() if right else None)


        def protocol():
            terms = {}
            if tls:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(os.path.join(folder, "certificate.pem"), os.path.join(folder, "key.pem"))
                terms = {"tls_context": context, "require_starttls": True}
            if user:
                terms |= {"authenticator": allow, "auth_required": True, "auth_require_tls": bool(tls)}
            return Server(Handler(), hostname="localhost", enable_SMTPUTF8=not ascii_only, **terms)


        async def main():
            loop = asyncio.get_running_loop()
            server = await loop.create_server(lambda: protocol(), "127.0.0.1", int(port))
            await server.serve_forever()


        asyncio.run(main())

        """;
}
