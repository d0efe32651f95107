using Rookery.Server.Commands;

return await RookeryCommand.Create().Parse(args).InvokeAsync();
