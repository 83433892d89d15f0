"""What belongs to this re-analysis of Chen, Croft and Currie (2024) alone.

Here live the claims and their verdicts, the close reading, the derived tables, the article's model, and the tables,
charts and numbers that article, notebooks and pages show. What any coded study can use belongs below. May import:
`display`, `wording`, `agreement`, `statistics`, `counting`, `study`, `support`. Only `cli`, `site`, `teaching`, paper
and notebooks may import it.
"""
