Attribute VB_Name = "TieoutRibbon"
Option Explicit

' What the ribbon calls. Each button's tag says three things, as in "post-orders|quickbooks|Home,Orders":
' the name that Python knows it by, the connections it needs, and the sheets it works on (none named: all).

Private shownRibbon As IRibbonUI

Public Sub TieoutRibbonLoaded(ribbon As IRibbonUI)
    Set shownRibbon = ribbon
End Sub

Public Sub TieoutButtonPressed(control As IRibbonControl)
    TieoutPress TieoutPartOfTag(control.Tag, 0)
End Sub

Public Sub TieoutButtonEnabled(control As IRibbonControl, ByRef enabled)
    ' Where somebody took a cell away that this looks at, the button stays on, and the press says what is amiss.
    On Error Resume Next
    enabled = True
    enabled = TieoutWorks(control.Tag, ThisWorkbook.ActiveSheet.Name)
End Sub

Public Sub TieoutRefreshRibbon()
    If Not shownRibbon Is Nothing Then shownRibbon.Invalidate
End Sub

Public Function TieoutWorks(ByVal buttonTag As String, ByVal sheetName As String) As Boolean
    Dim need As Variant, sheetNames As String
    TieoutWorks = False
    For Each need In Split(TieoutPartOfTag(buttonTag, 1), ",")
        If need <> "" Then
            If Not TieoutConnected(CStr(need)) Then Exit Function
        End If
    Next need
    sheetNames = TieoutPartOfTag(buttonTag, 2)
    If sheetNames = "" Then
        TieoutWorks = True
    Else
        TieoutWorks = InStr("," & sheetNames & ",", "," & sheetName & ",") > 0
    End If
End Function

Private Function TieoutConnected(ByVal service As String) As Boolean
    Dim state As String
    If service = "amazon" Then
        state = TieoutCell("AmazonState")
    Else
        state = TieoutCell("QuickBooksState")
    End If
    TieoutConnected = (state = "Connected" Or state = "Practice")
End Function

Private Function TieoutPartOfTag(ByVal buttonTag As String, ByVal position As Integer) As String
    Dim parts As Variant
    parts = Split(buttonTag, "|")
    TieoutPartOfTag = parts(position)
End Function
