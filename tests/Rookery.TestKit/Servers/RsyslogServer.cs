using System.Diagnostics;

namespace Rookery.TestKit.Servers;

/// <summary>One rsyslog that takes RFC 5424 over TCP, or over TLS alone, and writes each line, as its own parser has read it, into a file.</summary>
internal sealed class RsyslogServer : RealServer
{
    // The package has no user of its own.
    private static readonly ServerUser Rsyslog = new("rsyslog", "daemon", "/usr/sbin");

    private readonly bool _hasTls;

    private RsyslogServer(ServerFolder folder, bool hasTls)
        : base(Rsyslog, folder) => _hasTls = hasTls;

    public Uri Uri => new($"{(_hasTls ? "tls" : "tcp")}://127.0.0.1:{Port}");

    /// <summary>What a client of one with TLS must trust.</summary>
    public string CertificateFile => Path.Combine(Folder, "certificate.pem");

    private string KeyFile => Path.Combine(Folder, "key.pem");

    private string File => Path.Combine(Folder, "lines");

    public static async Task<RsyslogServer> StartAsync(CancellationToken stop, bool hasTls = false)
    {
        var server = new RsyslogServer(await Rsyslog.NewFolderAsync(stop), hasTls);
        if (hasTls)
        {
            await SelfSigned.WriteAsync(server.CertificateFile, server.KeyFile, stop);
        }

        var certificate = hasTls
            ? $"""defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="{server.CertificateFile}" defaultNetstreamDriverCertFile="{server.CertificateFile}" defaultNetstreamDriverKeyFile="{server.KeyFile}" """
            : "";
        var driver = hasTls
            ? """streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon" """
            : "";
        await ServerUser.WriteAsync(
            Path.Combine(server.Folder, "rsyslog.conf"),
            $"""
            global(workDirectory="{server.Folder}" maxMessageSize="8k" {certificate})
            module(load="imtcp" {driver})
            template(name="fields" type="string" string="%pri%|%app-name%|%procid%|%msgid%|%structured-data%|%msg%\n")
            input(type="imtcp" address="127.0.0.1" port="{server.Port}" ruleset="lines")
            ruleset(name="lines") {"{"} action(type="omfile" file="{server.File}" template="fields") {"}"}

            """,
            stop
        );
        await Started.Async(server, stop);
        return server;
    }

    /// <summary>The lines so far: priority, program, process, event, structured data and message, with | between.</summary>
    public async Task<string[]> LinesAsync(CancellationToken stop) =>
        System.IO.File.Exists(File) ? await System.IO.File.ReadAllLinesAsync(File, stop) : [];

    public override Task<bool> AnswersAsync(CancellationToken stop) => ListensAsync(stop);

    // -n: in the foreground.
    protected override ProcessStartInfo Command() =>
        User.Start(
            Folder,
            "rsyslogd",
            ["-n", "-f", Path.Combine(Folder, "rsyslog.conf"), "-i", Path.Combine(Folder, "pid")]
        );
}
