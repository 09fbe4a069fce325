Attribute VB_Name = "TieoutPresses"
Option Explicit

' A press: call Python and show what came of it. All the work is done in Python.
'
' Python answers by the named cells of Home: TieoutStatus as soon as it runs and as long as it works, LastSentence
' at the end, whatever came of it. Where LastSentence stays empty, Python was not heard or broke off, and that is
' said here, in a sentence and a row of Activity.

Private Const STARTING As String = "Starting Python"
Private Const SECONDS_TO_BE_HEARD As Integer = 60

Private pressed As String
Private listenAt As Date

Public Sub TieoutPress(ByVal press As String)
    On Error GoTo Broken
    pressed = press
    TieoutSetCell "LastSentence", ""
    TieoutSetCell "TieoutStatus", STARTING
    Application.StatusBar = "Tieout: " & press
    RunPython "import tieout.buttons; tieout.buttons.press('" & press & "')"
    If InStr(Application.OperatingSystem, "Macintosh") > 0 Then
        ' On macOS Python goes on by itself; whether it was heard is seen later.
        listenAt = Now + TimeSerial(0, 0, SECONDS_TO_BE_HEARD)
        Application.OnTime listenAt, TieoutListenName()
    Else
        TieoutShowOutcome
    End If
    TieoutRefreshRibbon
    Exit Sub
Broken:
    TieoutFailed "Excel could not start Python: " & Err.Description & ". Run tieout check-up in a terminal."
End Sub

Public Sub TieoutListen()
    listenAt = 0
    If TieoutCell("TieoutStatus") = STARTING And TieoutCell("LastSentence") = "" Then
        TieoutFailed "Python was not heard. Run tieout check-up in a terminal; it says what to allow."
    End If
End Sub

Public Sub TieoutStopListening()
    On Error Resume Next
    If listenAt <> 0 Then Application.OnTime listenAt, TieoutListenName(), , False
    listenAt = 0
End Sub

Private Function TieoutListenName() As String
    ' With the book's name: another book of Tieout may be open.
    TieoutListenName = "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!TieoutListen"
End Function

Public Sub TieoutShowOutcome()
    Dim sentence As String
    sentence = TieoutCell("LastSentence")
    If sentence = "" Then
        If TieoutCell("TieoutStatus") = STARTING Then
            TieoutFailed "Python did not start. Run tieout check-up in a terminal; it says what to change."
        Else
            TieoutFailed "Python broke off. Nothing is lost: press the button again, and it goes on where it was."
        End If
    Else
        Application.StatusBar = sentence
        If TieoutCell("LastOutcome") <> "Done" Then MsgBox sentence, vbExclamation, "Tieout"
    End If
End Sub

Private Sub TieoutFailed(ByVal sentence As String)
    ' Where somebody took a cell or the table away, the box says it all the same.
    On Error Resume Next
    TieoutSetCell "TieoutStatus", "Ready"
    TieoutSetCell "LastButton", pressed
    TieoutSetCell "LastAt", Now
    TieoutSetCell "LastOutcome", "Failed"
    TieoutSetCell "LastSentence", sentence
    TieoutAddActivity sentence
    Application.StatusBar = sentence
    MsgBox sentence, vbExclamation, "Tieout"
End Sub

Private Sub TieoutAddActivity(ByVal sentence As String)
    Dim activityTable As ListObject, added As Range
    Set activityTable = ThisWorkbook.Worksheets("Activity").ListObjects("Activity")
    Set added = activityTable.ListRows.Add(1).Range
    added.Cells(1, activityTable.ListColumns("When").Index).Value = Now
    added.Cells(1, activityTable.ListColumns("Button").Index).Value = pressed
    added.Cells(1, activityTable.ListColumns("Outcome").Index).Value = "Failed"
    added.Cells(1, activityTable.ListColumns("What Happened").Index).Value = sentence
End Sub

Public Function TieoutCell(ByVal cellName As String) As String
    TieoutCell = CStr(ThisWorkbook.Names(cellName).RefersToRange.Value)
End Function

Public Sub TieoutSetCell(ByVal cellName As String, ByVal content As Variant)
    ThisWorkbook.Names(cellName).RefersToRange.Value = content
End Sub
