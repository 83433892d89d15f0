"""Projects of Taguette, read from the SQLite file that it keeps or exports.

Taguette's other export, a table of codings, is read by `exchange.csv_table`. May import: the modules beside this
package, `databases` to open SQLite files, `refi_qda` for times and limits, `wording`, `support`.
"""
