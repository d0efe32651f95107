using Microsoft.AspNetCore.Http;

namespace Rookery.Api;

/// <summary>
/// What a problem states, in the words of whoever asks: a feature of requests whose answers are shown to people as they are. Programs are told what is stated.
/// </summary>
internal delegate string SayProblem(HttpContext context, string detail);
