using System.Threading.Channels;

namespace Rookery.Server.Commands.Running;

/// <summary>Hands what a command says to the connection that asked for it.</summary>
internal sealed class ReplyOutput(ChannelWriter<CommandReply> replies) : ICommandOutput
{
    public void Line(string text) => replies.TryWrite(new CommandReply(Line: text));

    public void Error(string text) => replies.TryWrite(new CommandReply(Error: text));

    public void Progress(double part, string text) =>
        replies.TryWrite(new CommandReply(Part: part, Text: text));
}
