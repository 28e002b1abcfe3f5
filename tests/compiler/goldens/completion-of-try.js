1;
try { 2; } finally { 3; }
