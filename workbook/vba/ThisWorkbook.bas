Attribute VB_Name = "ThisWorkbook"
Option Explicit

' Another sheet is shown: the ribbon asks again which buttons work there.
Private Sub Workbook_SheetActivate(ByVal Sh As Object)
    Application.StatusBar = False
    TieoutRefreshRibbon
End Sub

' A look that is still due would open the book again.
Private Sub Workbook_BeforeClose(Cancel As Boolean)
    TieoutStopListening
End Sub
