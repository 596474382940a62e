"""What services cost in exposed areas: named models, few-cluster inference, extra cost."""
