using System.Data.Common;

namespace Rookery.Adapters.Sql;

/// <summary>
/// Writes that are committed together. Each keeps its own outcome: one that fails is taken out and never fails its neighbours. For the commit thread,
/// one group after the other.
/// </summary>
internal sealed class CommitGroup(
    ISqlEngine engine,
    CommitContext context,
    CommitObservers observers
)
{
    public List<CommitMember> Members { get; } = [];

    /// <summary>Those who only want to know what others have committed.</summary>
    public List<FollowMember> Following { get; } = [];

    /// <summary>The commit was asked for: nobody knows until it is answered.</summary>
    public bool IsCommitting { get; private set; }

    /// <summary>
    /// Those who follow aside. Where others write too, those who have said what they read come first: what the rest changes is not known. All of them wait
    /// at the same time, so nobody was promised another order.
    /// </summary>
    public void Arrange()
    {
        foreach (var member in Members)
        {
            if (member is FollowMember following)
            {
                Following.Add(following);
            }
        }

        if (Following.Count > 0)
        {
            Members.RemoveAll(member => member is FollowMember);
        }

        if (engine.IsLocal)
        {
            return;
        }

        var rest = Members.FindAll(member => !member.ReadsAhead);
        Members.RemoveAll(member => !member.ReadsAhead);
        Members.AddRange(rest);
    }

    /// <summary>Outside a transaction: groups follow each other, so what can be read has no holes.</summary>
    public void Follow()
    {
        OnWholeConnection(() =>
            observers.TellOfOthers(context.Session, engine.ReadLastIssued(context.Session).Sequence)
        );
        Following.ForEach(member => member.Succeed(observers.Told));
        Following.Clear();
    }

    /// <summary>Where it throws nothing is committed, unless <see cref="IsCommitting"/>; the members are still to be told.</summary>
    public void Commit()
    {
        IsCommitting = false;
        if (!TryTogether())
        {
            Begin();
            RunOneByOne();
            Finish();
        }
    }

    // A connection that broke says so, at its next use, in a way of its own.
    public bool IsOfTheStore(Exception fault) =>
        fault is DbException or StoreUnavailableException
        || (fault is InvalidOperationException && engine.IsBroken(context.Session));

    public void RollBack()
    {
        context.Session.Drop();
        try
        {
            context.Session.Run("ROLLBACK");
        }
        catch (Exception fault) when (IsOfTheStore(fault))
        {
            // Some faults have already rolled the transaction back, or closed the connection; then there is none to end.
        }
    }

    private void Begin()
    {
        OnWholeConnection(() => context.Start(AskAhead));
        observers.TellOfOthers(context.Session, context.CommittedThrough);
        // With the group's begin, so that it costs nothing of its own.
        Following.ForEach(member => member.Succeed(observers.Told));
        Following.Clear();
    }

    private void AskAhead(SqlSession session)
    {
        observers.Ask(session);
        context.Ahead.Clear();
        Members.ForEach(member => member.Want(context.Ahead));
        context.Ahead.Ask(session);
    }

    private void Finish()
    {
#if SEEDED_BUGS
        if (SeededBugs.Is("acknowledged-before-commit"))
            Members.ForEach(member => member.Succeed());
#endif
        context.Flush();
        IsCommitting = true;
        try
        {
            context.Commit();
        }
        catch (Exception fault) when (engine.IsUndone(fault))
        {
            IsCommitting = false;
            throw;
        }
    }

    /// <summary>The connection may have broken while nobody used it: then nothing was begun on it, and another may do.</summary>
    private void OnWholeConnection(Action work)
    {
        try
        {
            work();
        }
        catch (Exception fault) when (IsOfTheStore(fault) && engine.IsBroken(context.Session))
        {
            context.Session.Dispose();
            context.Use(engine.OpenWriter());
            work();
        }
    }

    /// <summary>All members in one go. False where one of them failed, which nobody else is to feel: then nothing of the group has happened.</summary>
    private bool TryTogether()
    {
        Begin();
        try
        {
            Members.ForEach(Run);
        }
#pragma warning disable CA1031 // Whatever a member throws is that member's: it is run again alone, where it answers for itself.
        catch (Exception)
#pragma warning restore CA1031
        {
            RollBack();
            return false;
        }

        try
        {
            Finish();
            return true;
        }
        catch (Exception fault) when (engine.IsUndone(fault) && !engine.IsStoreFault(fault))
        {
            // A statement that was put off failed, and with it all that stood behind it.
            RollBack();
            return false;
        }
    }

    private void Run(CommitMember member)
    {
        if (!member.ReadsAhead)
        {
            context.Ahead.Clear();
        }

        context.Narrowed = false;
        member.Run(context);
        member.Narrows = context.Narrowed;
    }

    private void RunOneByOne()
    {
        for (var i = 0; i < Members.Count; i++)
        {
            var emitted = context.Emitted.Count;
            context.Session.Run("SAVEPOINT member");
            try
            {
                // What a neighbour that is taken out has changed is not known.
                context.Ahead.Clear();
                Run(Members[i]);
                context.Session.Send();
            }
#pragma warning disable CA1031 // The fault is handed to the member's caller.
            catch (Exception fault) when (!engine.IsStoreFault(fault))
#pragma warning restore CA1031
            {
                context.Session.Drop();
                context.Session.Run("ROLLBACK TO member");
                context.Forget(emitted);
                Members[i].Fail(fault);
                Members.RemoveAt(i--);
            }

            context.Session.Run("RELEASE member");
        }
    }
}
