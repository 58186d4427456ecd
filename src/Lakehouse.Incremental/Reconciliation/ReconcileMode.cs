namespace Lakehouse.Incremental.Reconciliation;

/// <summary>What a reconciliation may do.</summary>
public enum ReconcileMode
{
    /// <summary>Compare and report; write nothing. The default.</summary>
    Report,

    /// <summary>Compare, and bring what differs to what it must be, through the flow's own engine.</summary>
    Repair,
}
