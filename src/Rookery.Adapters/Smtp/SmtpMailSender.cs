using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Options;
using Rookery.Mail;

namespace Rookery.Adapters.Smtp;

/// <summary>
/// Hands mails to an SMTP server, each over a connection of its own. Encrypted where the settings say so, and then only so; what a server answers is told as it is.
/// </summary>
internal sealed class SmtpMailSender(IOptions<MailOptions> options, TimeProvider time) : IMailSender
{
    // RFC 7504: that host, and the recipient's.
    private const SmtpStatusCode ServerTakesNone = (SmtpStatusCode)521;
    private const SmtpStatusCode DomainTakesNone = (SmtpStatusCode)556;

    private static readonly TimeSpan ToBreakOff = TimeSpan.FromSeconds(1);

    private readonly MailOptions _options = options.Value;

    public async Task<MailOutcome> SendAsync(OutgoingMail mail, CancellationToken token)
    {
        using var message = MailForm.Of(mail, _options.Sender);
        if (message is null)
        {
            return new MailOutcome(MailFate.Refused, "The address is none.");
        }

        var login = new Login(_options.Username, _options.Password);
        try
        {
            await SendAsync(message, login, token);
            return new MailOutcome(MailFate.Sent);
        }
        catch (SmtpFailedRecipientException fault)
        {
            return new MailOutcome(
                !IsFinal(fault.StatusCode) ? MailFate.PutOff
                    : DoesNotRelay(fault) ? MailFate.Unreachable
                    : MailFate.Refused,
                Words(fault) + (DoesNotRelay(fault) ? login.Complaint : "")
            );
        }
        catch (SmtpException fault) when (IsOfAddress(fault, mail.Address))
        {
            return new MailOutcome(MailFate.Refused, Words(fault));
        }
        catch (SmtpException fault)
        {
            return new MailOutcome(FateOf(fault, login), Words(fault) + login.Complaint)
            {
                MayHaveArrived =
                    fault.StatusCode == SmtpStatusCode.GeneralFailure && !WasNotReached(fault),
            };
        }
        catch (Exception fault)
            when (fault
                    is IOException
                        or AuthenticationException
                        or TimeoutException
                        or OperationCanceledException
                && !token.IsCancellationRequested
            )
        {
            return new MailOutcome(
                MailFate.Unreachable,
                fault is OperationCanceledException or TimeoutException
                    ? $"{_options.Smtp} did not answer within {_options.TimeoutSeconds} s."
                    : Words(fault)
            )
            {
                MayHaveArrived = true,
            };
        }
    }

    private async Task SendAsync(MailMessage message, Login login, CancellationToken token)
    {
        var patience = TimeSpan.FromSeconds(_options.TimeoutSeconds);
        using var late = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, token);
        var (host, port) = _options.Server;
        using var client = new SmtpClient(host, port)
        {
            EnableSsl = MustEncrypt(host),
            DeliveryFormat = SmtpDeliveryFormat.International,
            UseDefaultCredentials = false,
            Credentials = login.IsNeeded ? login : null,
        };
        // A connection that stands still may not notice that it is to end.
        await client
            .SendMailAsync(message, both.Token)
            .WaitAsync(patience + ToBreakOff, time, token);
    }

    private bool MustEncrypt(string host) =>
        _options.Tls switch
        {
            "always" => true,
            "never" => false,
            _ => !IsHere(host),
        };

    private static bool IsHere(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>
    /// The address has letters that this server cannot be told, or a host that has no name in ASCII: the client finds that out when it is connected, and no server has said anything. Of a
    /// server that is away it would not name the address.
    /// </summary>
    private static bool IsOfAddress(SmtpException fault, string address) =>
        fault.StatusCode == SmtpStatusCode.GeneralFailure
        && fault.Message.Contains(address, StringComparison.Ordinal);

    /// <summary>5xx: the same again gets the same answer.</summary>
    private static bool IsFinal(SmtpStatusCode status) => (int)status is >= 500 and < 600;

    /// <summary>Servers have the same numbers for who may not send through them and for mail that they do not take: one that says this is believed to mean the settings.</summary>
    private static bool DoesNotRelay(SmtpException fault) =>
        fault.Message.Contains("relay", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// What keeps every mail from being sent, and not this one alone: the way there, and who sends it. All else may be said of this mail, whose address is anybody's choice, so the others
    /// are sent all the same.
    /// </summary>
    private static MailFate FateOf(SmtpException fault, Login login) =>
        fault.StatusCode switch
        {
            SmtpStatusCode.LocalErrorInProcessing
            or SmtpStatusCode.InsufficientStorage
            or SmtpStatusCode.MailboxBusy => MailFate.PutOff,
            SmtpStatusCode.GeneralFailure
            or SmtpStatusCode.ServiceNotAvailable
            or SmtpStatusCode.ClientNotPermitted
            or ServerTakesNone
            or (>= SmtpStatusCode.MustIssueStartTlsFirst and < (SmtpStatusCode)540) =>
                MailFate.Unreachable,
            _ when login.Complaint.Length > 0 || DoesNotRelay(fault) => MailFate.Unreachable,
            SmtpStatusCode.TransactionFailed
            or SmtpStatusCode.ExceededStorageAllocation
            or DomainTakesNone => MailFate.Refused,
            _ => MailFate.PutOff,
        };

    /// <summary>There was no connection over which it could have gone.</summary>
    private static bool WasNotReached(Exception fault) =>
        fault
            is SocketException
            {
                SocketErrorCode: SocketError.ConnectionRefused
                    or SocketError.HostNotFound
                    or SocketError.HostUnreachable
                    or SocketError.NetworkUnreachable
            }
        || (fault.InnerException is { } inner && WasNotReached(inner));

    private static string Words(Exception fault)
    {
        var words = new List<string>();
        for (Exception? one = fault; one is not null; one = one.InnerException)
        {
            var text = string.Join(
                ' ',
                one.Message.Split(['\r', '\n', ' '], StringSplitOptions.RemoveEmptyEntries)
            );
            if (!words.Contains(text))
            {
                words.Add(text);
            }
        }

        return string.Join(' ', words);
    }

    /// <summary>Notes whether it was asked for: where a server offers no log-in that is understood here, the mail is sent without one.</summary>
    private sealed class Login(string username, string password) : ICredentialsByHost
    {
        private bool _wasAsked;

        public bool IsNeeded => username.Length > 0;

        public string Complaint =>
            IsNeeded && !_wasAsked
                ? " It offered no AUTH LOGIN, so nobody was logged in; leave out Mail:Username, or see whether it offers that only after STARTTLS (Mail:Tls)."
                : "";

        public NetworkCredential? GetCredential(string host, int port, string authenticationType)
        {
            // The others are Windows', which would need a ticket or a domain.
            if (!authenticationType.Equals("login", StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            _wasAsked = true;
            return new NetworkCredential(username, password);
        }
    }
}
